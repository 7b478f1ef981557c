// Where one can be in Slack.
import { byId, fill, h } from "./dom.js";
import { post } from "./link.js";
import { watch } from "./store.js";
import { go, me, moved, place, state } from "./state.js";
import { rooms } from "./room.js";

const read = new Map(); // room to how many messages were seen

watch(draw, "rooms", "world");
moved((before) => {
  if (before.person !== state.person) read.clear();
  draw();
});

function draw() {
  const list = rooms();
  for (const room of list) if (room.id === place() || !read.has(room.id)) read.set(room.id, room.order.length);
  fill(byId("sidebar"),
    h("p", { class: "workspace" }, "Example Corp"),
    me()?.id && [
      group("Direct messages", list.filter((r) => r.direct).map((r) => item(r, "Latchkey", "◆"))),
      group("Channels", list.filter((r) => !r.direct).map((r) => item(r, r.name, "#"))),
      group("Apps", [h("li", {}, entry("home", "App Home", "⌂", 0, openHome))]),
    ],
    me()?.id && group("Microsoft Teams", [h("li", { class: "later" }, "Joins in a later version")]));
}

const group = (title, items) => h("div", { class: "group" }, h("h3", {}, title), h("ul", {}, items));

const item = (room, name, sign) => h("li", {}, entry(room.id, name, sign, room.order.length - read.get(room.id), () => go({ place: room.id })));

function entry(id, name, sign, fresh, onclick) {
  return h("button", { type: "button", "aria-current": place() === id ? "page" : undefined, class: fresh > 0 ? "fresh" : "", onclick },
    h("span", { "aria-hidden": "true", class: "sign" }, sign), h("span", { class: "name" }, name),
    fresh > 0 && h("span", { class: "badge" }, String(fresh), h("span", { class: "unseen" }, " new")));
}

function openHome() {
  go({ place: "home" });
  post("home", { person: state.person });
}
