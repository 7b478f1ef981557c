// The dialog on top of the chat. It covers that alone: the caller's side stays in
// reach, since that is where the codes are.
import { dialogs } from "./dialog.js";
import { byId } from "./dom.js";
import { get, watch } from "./store.js";
import { state } from "./state.js";

const mine = dialogs({
  stack: () => get("modals", []),
  person: () => state.person,
  veil: byId("veil"),
  cover: (on) => { byId("shell").inert = on; },
  rest: () => byId("line").focus(),
  grabs: (at) => byId("shell").contains(at) || at === document.body,
  hint: () => "Esc closes · F6 to the caller",
});

watch(mine.draw, "modals", "names");

// Escape closes the dialog from everywhere but the caller's side and the guide.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || byId("caller").contains(event.target) || byId("guide").contains(event.target)) return;
  if (mine.escape()) event.preventDefault();
});
