// The app's shortcuts: the global ones beside the message field, those of a
// message in its menu.
import { byId, h } from "./dom.js";
import { post } from "./link.js";
import { openMenu } from "./menu.js";
import { tell } from "./room.js";
import { get } from "./store.js";
import { chat, inTeams, place, state } from "./state.js";

const app = "Latchkey";

export function shortcuts(message) {
  const world = get("world", {});
  return (chat() === "teams" ? world.teams?.shortcuts : world.shortcuts)?.filter((s) => s.message === message) ?? [];
}

// run picks a shortcut; what goes wrong is said where one is.
export async function run(shortcut, room, ts) {
  const wrong = await post("shortcut", { person: state.person, ...inTeams(), room, ts, name: shortcut.id });
  if (wrong) tell(wrong);
}

// plus is the button that opens the menu of global shortcuts.
const plus = byId("plus");
plus.addEventListener("click", () => openMenu(plus, "Shortcuts", shortcuts(false).map((s) => ({
  name: s.name, about: `${app} · ${s.about}`, run: () => run(s, place()),
}))));

// more is the button that opens the menu of one message.
export function more(room, part) {
  const button = h("button", {
    type: "button", class: "more", "aria-haspopup": "menu", "aria-expanded": "false",
    "aria-label": `More actions for the message of ${part.by.name}`, "data-focus": `more ${part.ts}`,
    onclick: () => openMenu(button, `Actions for the message of ${part.by.name}`, shortcuts(true).map((s) => ({
      name: s.name, about: app, run: () => run(s, room.id, part.ts),
    }))),
  }, h("span", { "aria-hidden": "true" }, "⋯"));
  return button;
}
