// The switch between Slack and Teams: of the person that one is, above the chat
// in the middle, and of the caller, in the panel on the right.
import { byId, fill, freshId, h } from "./dom.js";
import { get, watch } from "./store.js";
import { chat, chatsOf, converse, keyOf, me, moved, names, state } from "./state.js";

watch(draw, "world", "person", "chat");
moved(draw);

// choice draws the switch of a person; here is the chat that is open, and
// legend names it. There is none for who has one chat.
export function choice(person, here, legend) {
  const all = person ? chatsOf(person) : [];
  if (all.length < 2) return null;
  const name = freshId("chat");
  return h("fieldset", { class: "chats" }, h("legend", {}, legend), all.map((c) => {
    const radio = h("input", { type: "radio", name, value: c, "data-chat-of": keyOf(person), onchange: () => converse(keyOf(person), c) });
    radio.checked = c === here;
    return h("label", {}, radio, h("span", {}, names[c]));
  }));
}

// again draws a switch where one stands, and keeps the focus in it.
export function again(node, person, here, legend) {
  const mark = JSON.stringify([person && [keyOf(person), chatsOf(person)], here]);
  if (node.dataset.mark === mark) return;
  node.dataset.mark = mark;
  const focused = node.contains(document.activeElement);
  fill(node, choice(person, here, legend));
  if (focused) node.querySelector("input:checked")?.focus();
}

function draw() {
  const first = me()?.name.split(" ")[0] ?? "";
  again(byId("chats"), me(), chat(), `${first} works in`);
  byId("slack").dataset.chat = chat();
  byId("sidebar").setAttribute("aria-label", names[chat()]);
  byId("panes").querySelector("[data-to=slack]").textContent = names[chat()];
  byId("slack").classList.toggle("outside", get("person") === state.person && !chatsOf(me()).includes(chat()));
}
