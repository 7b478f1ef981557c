// Who sits before the page and where: the tab's own state.
import { follow } from "./link.js";
import { get, watch } from "./store.js";

const kept = (name) => {
  try { return sessionStorage.getItem(name) ?? ""; } catch { return ""; }
};

const keep = (name, value) => {
  try { sessionStorage.setItem(name, value); } catch { /* a private tab forgets */ }
};

export const state = { person: kept("person"), caller: kept("caller"), place: "" };

// The server says who it is, where the tab knew nobody or somebody else.
watch(() => {
  state.person = get("person");
  state.caller = get("caller");
}, "person", "caller");

const listeners = [];
export const moved = (listen) => listeners.push(listen);

// people lists who there is; the key of a person is the id in Slack, or the
// mail address.
export const people = () => get("world")?.people ?? [];
export const keyOf = (person) => person.id || person.email;
export const me = () => people().find((p) => keyOf(p) === state.person);
export const caller = () => people().find((p) => keyOf(p) === state.caller);

// go changes who one is, who calls, or which place of Slack is open.
export function go(change) {
  const before = { ...state };
  Object.assign(state, change);
  if (state.person !== before.person) state.place = "";
  keep("person", state.person);
  keep("caller", state.caller);
  if (state.person !== before.person || state.caller !== before.caller) follow(state.person, state.caller);
  for (const listen of listeners) listen(before);
}

// place is the room that is open, or "home".
export const place = () => state.place || `D${state.person}`;
