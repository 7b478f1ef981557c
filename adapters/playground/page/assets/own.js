// The caller's own chat, as small as a phone shows it: what Latchkey writes to
// her, and the dialog that a button of it opens.
import { dialogs } from "./dialog.js";
import { byId, fill, h, say } from "./dom.js";
import { again } from "./chats.js";
import { draws, wordsOf } from "./message.js";
import { get, watch } from "./store.js";
import { caller, chat, keyOf, moved, names, ownChat } from "./state.js";

let panel = null; // { who, chat, choice, list, veil, dialog, trouble }
const drawn = new Map(); // message key to { part, node }
let seen = null; // { who, messages } that were there or were read out

watch(draw, "own-room", "own-modals", "message ", "names", "world", "caller", "ownchat", "chat");
moved(draw);

function draw() {
  const who = caller();
  const room = get("own-room");
  if (!who || !room || get("caller") !== keyOf(who)) {
    panel = null;
    seen = null;
    fill(byId("own"));
    return;
  }
  if (panel?.who !== keyOf(who) || panel.chat !== ownChat()) {
    const switched = panel?.choice.contains(document.activeElement);
    make(who);
    again(panel.choice, who, ownChat(), `${first(who)} reads in`);
    if (switched) panel.choice.querySelector("input:checked")?.focus();
  }
  messages(room);
  speak(who, room);
  panel.dialog.draw();
}

function make(who) {
  drawn.clear();
  const list = h("div", { class: "own-messages", role: "group", "aria-labelledby": "own-title", tabindex: "0" });
  const veil = h("div", { class: "own-veil", hidden: true });
  const trouble = h("p", { class: "fault", role: "status" });
  const choice = h("div", {});
  panel = { who: keyOf(who), chat: ownChat(), choice, list, veil, trouble };
  panel.dialog = dialogs({
    stack: () => get("own-modals", []),
    person: () => keyOf(who),
    veil,
    cover: (on) => { list.hidden = on; },
    rest: () => list.focus(),
    grabs: (at) => list.contains(at) || at === document.body && veil.hidden,
    hint: () => `Esc closes · F6 to ${names[chat()]}`,
    whose: () => `${first(who)}'s ${names[ownChat()]}: `,
  });
  fill(byId("own"), h("section", { class: "card own", "data-chat": ownChat(), "aria-labelledby": "own-title", onkeydown: escape },
    h("h3", { id: "own-title" }, `${first(who)}'s ${names[ownChat()]}`, h("span", { class: "address" }, "Messages from Latchkey")), choice, list, veil, trouble));
}

const first = (who) => who.name.split(" ")[0];

function escape(event) {
  if (event.key !== "Escape" || !panel.dialog.escape()) return;
  event.preventDefault();
  event.stopPropagation();
}

function messages(room) {
  const { list } = panel;
  const low = list.scrollHeight - list.scrollTop - list.clientHeight < 40 || !list.querySelector("li");
  const focus = list.contains(document.activeElement) && document.activeElement.closest("[data-focus]")?.dataset.focus;
  const within = focus && document.activeElement.closest("[data-ts]")?.dataset.ts;
  const all = room.order.map((ts) => message(room, `message ${room.id} ${ts}`));
  if (all.length === 0) fill(list, h("p", { class: "none" }, "None. When the helpdesk asks whether it is you, it stands here."));
  else if (list.firstElementChild?.tagName === "OL") fill(list.firstElementChild, all);
  else fill(list, h("ol", {}, all));
  const last = list.querySelector("li:last-child");
  if (low && last) list.scrollTop = last.offsetTop; // its beginning, however long it is
  if (focus && !list.contains(document.activeElement)) {
    const article = within && list.querySelector(`[data-ts="${CSS.escape(within)}"]`);
    ((article || list).querySelector(`[data-focus="${CSS.escape(focus)}"]`) ?? article?.querySelector?.("article") ?? list).focus();
  }
}

function message(room, key) {
  const part = get(key);
  const before = drawn.get(key);
  if (before?.part === part) return before.node;
  const { who, trouble } = panel;
  const node = draws(part, room.id, { person: who, tell: (words) => fill(trouble, words), mine: !part.by.app, level: 4 });
  drawn.set(key, { part, node });
  return node;
}

// speak reads out messages that came while one looked on, and brings the panel
// into sight: whoever plays the caller answers there.
function speak(who, room) {
  const whose = `${keyOf(who)} ${ownChat()}`;
  const fresh = seen?.who === whose ? room.order.filter((ts) => !seen.messages.has(ts)) : [];
  seen = { who: whose, messages: new Set(room.order) };
  if (fresh.length === 0) return;
  fill(panel.trouble);
  for (const ts of fresh) {
    const part = get(`message ${room.id} ${ts}`);
    if (part) say(`${first(who)}'s ${names[ownChat()]}, ${part.by.name}: ${wordsOf(part)}`);
  }
  if (document.body.dataset.pane !== "caller") document.querySelector("#panes [data-to=caller]").dataset.news = "slack";
  byId("own").scrollIntoView({ block: "nearest" });
}
