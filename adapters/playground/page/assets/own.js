// The caller's own Slack, as small as a phone shows it: what Latchkey writes to
// her, and the dialog that a button of it opens.
import { dialogs } from "./dialog.js";
import { byId, fill, h, say } from "./dom.js";
import { draws } from "./message.js";
import { mrkdwn } from "./richtext.js";
import { get, watch } from "./store.js";
import { caller, keyOf, moved } from "./state.js";

let panel = null; // { who, list, veil, dialog, trouble }
const drawn = new Map(); // message key to { part, node }
let seen = null; // { who, messages } that were there or were read out

watch(draw, "own-room", "own-modals", "message ", "names", "world", "caller");
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
  if (panel?.who !== who.id) make(who);
  messages(room);
  speak(who, room);
  panel.dialog.draw();
}

function make(who) {
  drawn.clear();
  const list = h("div", { class: "own-messages", role: "group", "aria-labelledby": "own-title", tabindex: "0" });
  const veil = h("div", { class: "own-veil", hidden: true });
  const trouble = h("p", { class: "fault", role: "status" });
  panel = { who: who.id, list, veil, trouble };
  panel.dialog = dialogs({
    stack: () => get("own-modals", []),
    person: () => who.id,
    veil,
    cover: (on) => { list.hidden = on; },
    rest: () => list.focus(),
    grabs: (at) => list.contains(at) || at === document.body && veil.hidden,
    hint: "Esc closes · F6 to Slack",
    whose: () => `${first(who)}'s Slack: `,
  });
  fill(byId("own"), h("section", { class: "card own", "aria-labelledby": "own-title", onkeydown: escape },
    h("h3", { id: "own-title" }, `${first(who)}'s Slack`, h("span", { class: "address" }, "Messages from Latchkey")), list, veil, trouble));
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
  const all = room.order.map((ts) => message(room, `message ${room.id} ${ts}`));
  if (all.length === 0) fill(list, h("p", { class: "none" }, "None. When the helpdesk asks whether it is you, it stands here."));
  else if (list.firstElementChild?.tagName === "OL") fill(list.firstElementChild, all);
  else fill(list, h("ol", {}, all));
  const last = list.querySelector("li:last-child");
  if (low && last) list.scrollTop = last.offsetTop; // its beginning, however long it is
  if (focus && !list.contains(document.activeElement)) (list.querySelector(`[data-focus="${CSS.escape(focus)}"]`) ?? list).focus();
}

function message(room, key) {
  const part = get(key);
  const before = drawn.get(key);
  if (before?.part === part) return before.node;
  const { who, trouble } = panel;
  const node = draws(part, room.id, { person: who, tell: (words) => fill(trouble, words) });
  drawn.set(key, { part, node });
  return node;
}

// speak reads out messages that came while one looked on, and brings the panel
// into sight: whoever plays the caller answers there.
function speak(who, room) {
  const fresh = seen?.who === who.id ? room.order.filter((ts) => !seen.messages.has(ts)) : [];
  seen = { who: who.id, messages: new Set(room.order) };
  if (fresh.length === 0) return;
  fill(panel.trouble);
  for (const ts of fresh) {
    const part = get(`message ${room.id} ${ts}`);
    if (part) say(`${first(who)}'s Slack, ${part.by.name}: ${h("p", {}, mrkdwn(part.text)).textContent}`);
  }
  if (document.body.dataset.pane !== "caller") document.querySelector("#panes [data-to=caller]").dataset.news = "slack";
  byId("own").scrollIntoView({ block: "nearest" });
}
