// What stands in the open room: messages, or the Home tab.
import { byId, fill, h, say } from "./dom.js";
import { drawHome, drawTabs } from "./home.js";
import { draws, wordsOf } from "./message.js";
import { get, watch } from "./store.js";
import { caller, chat, here, me, moved, names, place, state } from "./state.js";
import { more, shortcuts } from "./shortcuts.js";

const drawn = new Map(); // message key to { part, node }
const notes = new Map(); // room to what only this tab says there
let spoken = null; // { whose, keys } of messages that were there or were read out

watch(draw, "rooms", "message ", "home", "names", "world", "chat");
moved((before) => {
  if (before.person !== state.person) {
    spoken = null;
    drawn.clear();
    notes.clear();
  }
  draw();
});

export const rooms = () => get("rooms", []);
export const openRoom = () => rooms().find((r) => r.id === place());

// tell puts a line into the open room that nobody else sees.
export function tell(words) {
  const id = place();
  notes.set(id, [...(notes.get(id) ?? []), words]);
  draw();
  say(words);
}

function draw() {
  const body = byId("room-body");
  const low = body.scrollHeight - body.scrollTop - body.clientHeight < 80;
  byId("composer").hidden = place() === "home" || !here();
  drawTabs(chat() === "slack" && here() && (place() === "home" || openRoom()?.direct), tell);
  if (!here()) {
    head(me()?.name ?? names[chat()], "");
    fill(body, me() && h("div", { class: "empty" }, h("p", {}, h("strong", {}, `${me().name}'s own ${names[chat()]} is not shown here.`)), h("p", {}, me().about)));
  } else if (place() === "home") {
    head("Latchkey", "The app's own page");
    drawHome(body);
  } else {
    drawRoom(body, openRoom());
  }
  if (low && place() !== "home") body.scrollTop = body.scrollHeight;
  speak();
}

function head(title, about) {
  fill(byId("slack-title"), title);
  fill(byId("room-about"), about);
}

function drawRoom(body, room) {
  if (!room) return;
  const teams = chat() === "teams";
  head(room.direct ? "Latchkey" : teams ? room.name : `# ${room.name}`, room.direct ? `${teams ? "Chat with the app" : "Direct message"} · ${me()?.name ?? ""}` : room.topic);
  if (teams) byId("line").placeholder = room.direct ? "Type unlock and a name" : "Write a message, or @Latchkey to the app";
  else byId("line").placeholder = room.direct ? "Type /unlock and a name" : `Message #${room.name}`;
  const list = room.order.map((ts) => message(room, `message ${room.id} ${ts}`));
  const own = (notes.get(room.id) ?? []).map((words) => h("li", { class: "message own" }, h("p", { class: "only" }, teams ? "Only you can see this message" : "Only visible to you"), h("p", { class: "words" }, words)));
  const same = body.firstElementChild?.tagName === "OL" && body.firstElementChild.dataset.room === room.id;
  const focus = document.activeElement?.closest?.("#room-body [data-focus]")?.dataset.focus;
  const within = document.activeElement?.closest?.("#room-body [data-ts]")?.dataset.ts;
  if (list.length + own.length === 0) {
    fill(body, empty(room));
    return;
  }
  const ol = same ? body.firstElementChild : h("ol", { class: "messages", "data-room": room.id });
  fill(ol, list, own);
  if (!same) {
    fill(body, ol);
    body.scrollTop = body.scrollHeight;
  }
  if (document.activeElement !== document.body) return;
  const article = within && body.querySelector(`[data-ts="${CSS.escape(within)}"]`);
  if (focus) ((article ?? body).querySelector(`[data-focus="${CSS.escape(focus)}"]`) ?? article?.querySelector("article"))?.focus();
}

function empty(room) {
  if (!room.direct) return h("p", { class: "empty" }, "Nothing has been written here yet.");
  if (me()?.agent) {
    const who = (caller()?.name ?? "mei").split(" ")[0].toLowerCase();
    return h("div", { class: "empty" }, h("p", {}, h("strong", {}, "Nothing here yet.")),
      h("p", {}, "Somebody calls and cannot sign in? Type ", h("kbd", {}, chat() === "teams" ? `unlock ${who}` : `/unlock ${who}`), " below."));
  }
  return h("div", { class: "empty" }, h("p", {}, h("strong", {}, `This is ${me()?.name}'s ${names[chat()]}.`)), h("p", {}, me()?.about ?? ""));
}

// message draws one message anew only when it has changed.
function message(room, key) {
  const part = get(key);
  const before = drawn.get(key);
  if (before?.part === part) return before.node;
  const menu = !part.only && (part.chat !== "teams" || shortcuts(true).length > 0) && more(room, part);
  const node = draws(part, room.id, { person: state.person, tell, menu, mine: room.direct && !part.by.app });
  if (before && part.chat === "teams" && JSON.stringify(before.part.card) !== JSON.stringify(part.card)) say(`${part.by.name} has changed a message: ${wordsOf(part)}`);
  drawn.set(key, { part, node });
  return node;
}

// speak reads out messages that came while one looked on.
function speak() {
  const there = rooms().flatMap((r) => r.order.map((ts) => ({ room: r, ts, key: `${r.id} ${ts}` })));
  if (rooms().length === 0) return;
  const whose = `${get("person")} ${chat()}`;
  for (const { room, ts } of there.filter((m) => spoken?.whose === whose && !spoken.keys.has(m.key))) {
    const part = get(`message ${room.id} ${ts}`);
    if (part) say(`${room.direct ? part.by.name : `In ${room.name}, ${part.by.name}`}: ${wordsOf(part)}`);
  }
  spoken = { whose, keys: new Set(there.map((m) => m.key)) };
}
