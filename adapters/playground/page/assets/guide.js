// The tour through the first unlock, ticked off as it happens.
import { byId, fill, h, say } from "./dom.js";
import { get, watch } from "./store.js";

let before = null;

watch(draw, "world", "tour");

function draw() {
  const steps = get("world")?.tour ?? [];
  const done = get("tour") ?? [];
  byId("guide").classList.toggle("without-tour", steps.length === 0);
  const next = steps.findIndex((_, i) => !done[i]);
  if (before) {
    const ticked = steps.filter((_, i) => done[i] && !before[i]);
    for (const step of ticked) say(`Done: ${step.title}. ${step.why}`);
  }
  before = done;
  fill(byId("progress"), steps.length === 0 ? "" : next < 0
    ? "That was it: locked out, checked, unlocked, signed in. Now try to get past the check."
    : `Two minutes. ${done.filter(Boolean).length} of ${steps.length} steps done.`);
  const last = done.lastIndexOf(true);
  fill(byId("steps"), steps.map((step, i) => item(step, done[i], i === next, i === last)), next < 0 && steps.length > 0 && after());
}

// item draws a step: what to do when its turn has come, and afterwards why,
// open for the step that was done last.
function item(step, done, now, last) {
  if (done) {
    return h("li", { class: "done" }, h("details", { open: last },
      h("summary", { class: "step-title" }, step.title, h("span", { class: "unseen" }, " (done)")), h("p", { class: "step-why" }, step.why)));
  }
  return h("li", { class: now ? "now" : "ahead", "aria-current": now ? "step" : undefined },
    h("p", { class: "step-title" }, step.title), now && h("p", { class: "step-say" }, typed(step.say)));
}

// typed shows what stands between backticks as something to type.
function typed(words) {
  return words.split("`").map((part, i) => (i % 2 ? h("kbd", {}, part) : part));
}

function after() {
  return h("li", { class: "after" }, h("p", { class: "step-title" }, "Try next"),
    h("ul", {},
      h("li", {}, "Be the agent in unrestricted mode: the check can be skipped, and history says so."),
      h("li", {}, "Type wrong codes until nothing more is taken."),
      get("world").teams && h("li", {}, "Switch above to Teams, and unlock from there: unlock mei."),
      h("li", {}, "Ask for somebody who is not enrolled, in both modes."),
      h("li", {}, "Break a part below, and see what Latchkey says.")));
}
