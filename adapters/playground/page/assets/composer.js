// The line at the bottom of a room, with completion of the bot's commands and
// shortcuts.
import { byId, fill, h } from "./dom.js";
import { post } from "./link.js";
import { get, watch } from "./store.js";
import { chat, inTeams, moved, place, state } from "./state.js";
import { openRoom, tell } from "./room.js";
import { run, shortcuts } from "./shortcuts.js";

const line = byId("line");
const list = byId("offers");
const sent = []; // lines sent before, for the up key
let active = -1;
let back = 0;

const bot = "@Latchkey ";
const called = /^@latchkey\b[,:]?\s*/i;

// offers are the commands that what is typed may become, and the shortcuts
// whose names begin so.
function offers() {
  const typed = line.value;
  if (chat() === "teams") return teamsOffers(typed);
  if (!typed.startsWith("/")) return [];
  const commands = get("world", {}).commands?.filter((c) => c.line !== typed && c.line.startsWith(typed)) ?? [];
  const named = shortcuts(false).filter((s) => s.name.toLowerCase().startsWith(typed.slice(1).toLowerCase()));
  return [...commands, ...named.map((s) => ({ line: s.name, about: s.about, shortcut: s }))];
}

// teamsOffers: in Teams the bot's commands are offered to who writes to it; in
// a channel that is who mentions it, or picks one after a slash.
function teamsOffers(typed) {
  const commands = get("world", {}).teams?.commands ?? [];
  const begins = (said, before) => commands.filter((c) => c.line !== said && c.line.startsWith(said.toLowerCase())).map((c) => ({ ...c, line: before + c.line }));
  if (typed.startsWith("/")) return begins(typed.slice(1), "/");
  if (openRoom()?.direct) return typed ? begins(typed, "") : [];
  if (called.test(typed)) return begins(typed.replace(called, ""), bot);
  return typed.startsWith("@") && bot.toLowerCase().startsWith(typed.toLowerCase()) ? [{ line: bot, hint: "command", about: "Write to the app; the others here see it" }] : [];
}

function draw(show = true) {
  const found = show ? offers() : [];
  active = Math.min(active, found.length - 1);
  fill(list, found.map((c, i) => h("li", {
    role: "option", id: `offer-${i}`, "aria-selected": String(i === active),
    onmousedown: (event) => { event.preventDefault(); accept(c); },
  }, h("span", { class: "command" }, c.line.trim(), c.hint && h("span", { class: "hint" }, ` ${c.hint}`), c.shortcut && [" ", h("span", { class: "kind" }, "Shortcut")]), h("span", { class: "about" }, c.about))));
  list.hidden = found.length === 0;
  line.setAttribute("aria-expanded", String(!list.hidden));
  if (active >= 0) line.setAttribute("aria-activedescendant", `offer-${active}`);
  else line.removeAttribute("aria-activedescendant");
}

function accept(command) {
  if (command.shortcut) {
    line.value = "";
    active = -1;
    draw(false);
    run(command.shortcut, place());
    return;
  }
  line.value = command.line;
  active = -1;
  draw(command.hint !== undefined && command.hint !== "");
  line.focus();
}

line.addEventListener("input", () => { active = -1; back = 0; draw(); });
line.addEventListener("focus", () => draw());
line.addEventListener("blur", () => { active = -1; draw(false); });
line.addEventListener("keydown", (event) => {
  const found = list.hidden ? [] : offers();
  if (event.key === "ArrowDown" && found.length) move(event, found, 1);
  else if (event.key === "ArrowUp" && found.length) move(event, found, -1);
  else if (event.key === "ArrowUp" && back < sent.length) recall(event);
  else if ((event.key === "Enter" || event.key === "Tab" && !event.shiftKey) && active >= 0) { event.preventDefault(); accept(found[active]); }
  else if (event.key === "Escape" && found.length) { event.stopPropagation(); active = -1; draw(false); }
});

function move(event, found, by) {
  event.preventDefault();
  active = (active + by + found.length + (active < 0 && by < 0 ? 1 : 0)) % found.length;
  draw();
}

function recall(event) {
  event.preventDefault();
  back += 1;
  line.value = sent.at(-back);
  draw(false);
}

byId("composer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = line.value.trim();
  if (!text) return;
  const teams = chat() === "teams";
  if (!teams && !text.startsWith("/") && openRoom()?.direct) {
    tell("Latchkey cannot read messages: it has no permission to. It hears commands, such as /unlock mei, and its buttons.");
    return;
  }
  sent.push(text);
  line.value = "";
  back = 0;
  draw(false);
  byId("composer").setAttribute("aria-busy", "true");
  const heard = text.startsWith("/") || teams && (openRoom()?.direct || called.test(text));
  const words = teams && !openRoom()?.direct ? text.replace(called, "") : text;
  const wrong = await post(heard ? "say" : "write", { person: state.person, ...inTeams(), room: place(), line: words });
  byId("composer").removeAttribute("aria-busy");
  if (wrong) tell(wrong);
});

watch(() => { byId("plus").hidden = chat() === "teams" && shortcuts(false).length === 0; }, "chat", "world");
moved((before) => { if (before.person !== state.person) { line.value = ""; draw(false); } });
