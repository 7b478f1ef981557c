// Puts the page together: the parts register themselves; here are the panes,
// the look, and the first stream.
import { byId } from "./dom.js";
import "./people.js";
import "./chats.js";
import "./sidebar.js";
import "./composer.js";
import "./modal.js";
import "./signin.js";
import "./phone.js";
import "./own.js";
import "./mail.js";
import "./knows.js";
import "./guide.js";
import "./backstage.js";
import { attend } from "./state.js";

const panes = ["guide", "slack", "caller"];

// show brings a pane to the front where there is room for one alone.
function show(pane) {
  const news = byId("panes").querySelector(`[data-to="${pane}"]`).dataset.news;
  document.body.dataset.pane = pane;
  for (const button of byId("panes").children) {
    button.setAttribute("aria-pressed", String(button.dataset.to === pane));
    if (button.dataset.to === pane) delete button.dataset.news;
  }
  if (pane === "slack") byId("room-body").scrollTop = byId("room-body").scrollHeight; // what is new stands below
  if (news === "slack") byId("own").scrollIntoView({ block: "nearest" });
}

for (const button of byId("panes").children) button.addEventListener("click", () => show(button.dataset.to));
show("guide"); // where a newcomer begins

// F6 goes from one part of the page to the next, as in a desktop program.
document.addEventListener("keydown", (event) => {
  if (event.key !== "F6") return;
  event.preventDefault();
  const at = panes.findIndex((p) => byId(p).contains(document.activeElement));
  const to = panes[(at + (event.shiftKey ? panes.length - 1 : 1)) % panes.length];
  show(to);
  const modal = byId("veil").querySelector("[role=dialog]");
  if (to === "slack" && modal) (modal.querySelector("input[type=text], textarea") ?? modal).focus();
  else if (to === "slack") byId("line").focus();
  else byId(`${to}-title`).focus();
});

// The look: the system's, until one is chosen.
const dark = matchMedia("(prefers-color-scheme: dark)");
const look = () => document.documentElement.dataset.look ?? (dark.matches ? "dark" : "light");
const label = () => { byId("theme").textContent = look() === "dark" ? "Light" : "Dark"; byId("theme").setAttribute("aria-label", `Switch to ${look() === "dark" ? "light" : "dark"} look`); };
byId("theme").addEventListener("click", () => {
  document.documentElement.dataset.look = look() === "dark" ? "light" : "dark";
  try { localStorage.setItem("look", document.documentElement.dataset.look); } catch { /* until the tab closes */ }
  label();
});
dark.addEventListener("change", label);
label();

attend();
