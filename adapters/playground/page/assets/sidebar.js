// Where one can be in Slack, or in Teams.
import { byId, fill, h } from "./dom.js";
import { openTab } from "./home.js";
import { watch } from "./store.js";
import { chat, go, here, moved, place, state } from "./state.js";
import { rooms, tell } from "./room.js";

const read = new Map(); // room to how many messages were seen

watch(draw, "rooms", "world", "chat");
moved((before) => {
  if (before.person !== state.person) read.clear();
  draw();
});

function draw() {
  const list = rooms();
  for (const room of list) if (room.id === place() || !read.has(room.id)) read.set(room.id, room.order.length);
  byId("shell").classList.toggle("outside", !here()); // there is nowhere to go for who has no such chat here
  fill(byId("sidebar"),
    h("p", { class: "workspace" }, "Example Corp"),
    chat() === "teams" && here() && [
      group("Chat", list.filter((r) => r.direct).map((r) => item(r, "Latchkey", "◆", () => go({ place: r.id })))),
      group("Teams and channels", list.filter((r) => !r.direct).map((r) => item(r, r.name, "≡", () => go({ place: r.id })))),
    ],
    chat() === "slack" && here() && [
      group("Channels", list.filter((r) => !r.direct).map((r) => item(r, r.name, "#", () => go({ place: r.id })))),
      group("Apps", list.filter((r) => r.direct).map((r) => item(r, "Latchkey", "◆", async () => {
        const wrong = await openTab("messages");
        if (wrong) tell(wrong);
      }))),
    ],);
}

const group = (title, items) => h("div", { class: "group" }, h("h3", {}, title), h("ul", {}, items));

const item = (room, name, sign, open) => h("li", {}, entry(room, name, sign, room.order.length - read.get(room.id), open));

function entry(room, name, sign, fresh, onclick) {
  const open = place() === room.id || room.direct && place() === "home";
  return h("button", { type: "button", "aria-current": open ? "page" : undefined, class: fresh > 0 ? "fresh" : "", onclick },
    h("span", { "aria-hidden": "true", class: "sign" }, sign), h("span", { class: "name" }, name),
    fresh > 0 && h("span", { class: "badge" }, String(fresh), h("span", { class: "unseen" }, " new")));
}
