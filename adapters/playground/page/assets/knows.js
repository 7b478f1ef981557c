// What only the caller knows: the answers to her security questions.
import { byId, fill, h } from "./dom.js";
import { watch } from "./store.js";
import { caller, moved } from "./state.js";

watch(draw, "world", "caller");
moved(draw);

function draw() {
  const who = caller();
  if (!who?.knows?.length) {
    fill(byId("knows"));
    return;
  }
  fill(byId("knows"), h("section", { class: "card", "aria-labelledby": "knows-title" },
    h("h3", { id: "knows-title" }, `What ${who.name.split(" ")[0]} knows`, h("span", { class: "address" }, "Answers to security questions")),
    h("dl", { class: "knows" }, who.knows.map((k) => [h("dt", {}, k.question), h("dd", {}, k.answer)]).flat())));
}
