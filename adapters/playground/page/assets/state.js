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

// The chats, as they are called.
export const names = { slack: "Slack", teams: "Teams" };

// chat is where the person that one is works, and ownChat where the caller
// does, of what is on the page now.
export const chat = () => get("chat") || "slack";
export const ownChat = () => get("ownchat") || "slack";

// inTeams is what a deed says so that it is done there.
export const inTeams = () => (chat() === "teams" ? { chat: "teams" } : {});

// chatsOf lists those that a person has.
export const chatsOf = (person) => person?.chats ?? (person?.id ? ["slack"] : []);

// here tells whether the person that one is has the chat that is shown.
export const here = () => chatsOf(me()).includes(chat());

// attend opens the stream of who one is and who calls, each in the chat that
// this tab keeps for him.
export const attend = () => follow(state.person, state.caller, kept(`chat ${state.person}`), kept(`chat ${state.caller}`));

// converse changes the chat of a person.
export function converse(person, to) {
  const before = { ...state };
  keep(`chat ${person}`, to);
  if (person === state.person) state.place = "";
  attend();
  for (const listen of listeners) listen(before);
}

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

// go changes who one is, who calls, or which place of the chat is open.
export function go(change) {
  const before = { ...state };
  Object.assign(state, change);
  if (state.person !== before.person) state.place = "";
  keep("person", state.person);
  keep("caller", state.caller);
  if (state.person !== before.person || state.caller !== before.caller) attend();
  for (const listen of listeners) listen(before);
}

// place is the room that is open, or "home".
export const place = () => state.place || (chat() === "teams" ? get("rooms", []).find((r) => r.direct)?.id ?? "" : `D${state.person}`);
