// What no helpdesk has: a clock that can be moved and parts that can be broken.
import { byId, fill, h } from "./dom.js";
import { post } from "./link.js";
import { get, watch } from "./store.js";
import { now, timeWithSeconds } from "./time.js";

let made = false;
let trouble = "";
const turned = new Map(); // by switch: how it was turned, until the server says the same

watch(draw, "world", "faults", "clock");
watch(problems, "problems");
setInterval(tick, 1000);

function draw() {
  const world = get("world");
  if (!world) return;
  if (!made) make(world);
  if (!made) return;
  const faults = get("faults") ?? [];
  const boxes = [...byId("switches").querySelectorAll("input")];
  if (boxes.length !== faults.length) {
    fill(byId("switches"), faults.map((f) => h("li", {}, h("label", { class: "switch" }, toggle(f),
      h("span", {}, h("strong", {}, f.label), h("span", { class: "hint" }, f.about))))));
  } else {
    boxes.forEach((box, i) => {
      if (turned.get(faults[i].id) === faults[i].on) turned.delete(faults[i].id);
      box.checked = turned.get(faults[i].id) ?? faults[i].on;
    });
  }
  fill(byId("backstage-trouble"), trouble);
  tick();
}

function make(world) {
  if (!world.has.clock && !world.has.faults) return;
  made = true;
  fill(byId("backstage"), h("section", { class: "card", "aria-labelledby": "backstage-title" },
    h("h2", { id: "backstage-title" }, "Backstage"),
    world.has.clock && h("div", { class: "clock" }, h("p", {}, "Clock ", h("strong", { id: "clock" })),
      h("div", { class: "row" }, [1, 5, 30].map((m) => h("button", { type: "button", class: "button", onclick: () => act("advance", { minutes: m }), "aria-label": `Move the clock forward by ${m} minutes` }, `+${m} min`)))),
    h("ul", { class: "switches", id: "switches" }),
    h("p", { class: "fault", id: "backstage-trouble", role: "status" }),
    (world.notes ?? []).map((n) => h("p", { class: "hint" }, n))));
}

function toggle(f) {
  const box = h("input", { type: "checkbox", role: "switch", onchange: () => turn(f.id, box.checked) });
  box.checked = f.on;
  return box;
}

// turn keeps the switch as the person left it: what the stream brings meanwhile
// is older.
async function turn(id, on) {
  turned.set(id, on);
  await act("fault", { id, on });
  if (trouble) turned.delete(id);
  draw();
}

async function act(verb, body) {
  trouble = await post(verb, body);
  draw();
}

const span = (minutes) => [[Math.floor(minutes / 60), "h"], [minutes % 60, "min"]].filter(([n]) => n > 0).map((part) => part.join(" ")).join(" ");

function tick() {
  const clock = byId("clock");
  if (!clock) return;
  const ahead = get("clock")?.ahead ?? 0;
  fill(clock, timeWithSeconds(now()), ahead >= 60 && h("span", { class: "hint" }, ` ${span(Math.round(ahead / 60))} ahead`));
}

// problems lists what a chat would not take: a mistake of the bot, not of the
// person before the page.
function problems() {
  const all = get("problems") ?? [];
  fill(byId("problems"), all.length > 0 && h("section", { class: "card problems", "aria-labelledby": "problems-title" },
    h("h2", { id: "problems-title" }, `Problems (${all.length})`),
    h("p", { class: "hint" }, `What ${get("world")?.teams ? "Slack or Teams" : "Slack"} would have refused, or this page cannot draw.`),
    h("ul", {}, all.map((p) => h("li", {}, p)))));
}
