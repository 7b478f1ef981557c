// Block Kit, as far as the bot uses it. What is not known here is refused, so
// that a page which Slack would draw and this one would not is seen at once.
import { h } from "./dom.js";
import { post } from "./link.js";
import { button, field } from "./elements.js";
import { menu } from "./select.js";
import { richText, text } from "./richtext.js";

const members = {
  header: ["text"],
  section: ["text", "fields", "accessory", "expand"],
  context: ["elements"],
  divider: [],
  actions: ["elements"],
  input: ["label", "element", "hint", "optional", "dispatch_action"],
  rich_text: ["elements"],
  button: ["text", "action_id", "value", "style", "accessibility_label", "confirm", "url"],
  plain_text_input: ["action_id", "placeholder", "initial_value", "multiline", "min_length", "max_length"],
  checkboxes: ["action_id", "options", "initial_options"],
  static_select: ["action_id", "placeholder", "options", "option_groups", "initial_option"],
};

const told = new Set();

// refuse stands where something unknown would: red, with its name, and told.
export function refuse(name) {
  if (!told.has(name)) {
    told.add(name);
    post("problem", { text: `it cannot draw ${name}` });
  }
  return h("p", { class: "refused", role: "note" }, h("strong", {}, "Not drawn: "), h("code", {}, name), ". This page does not know it.");
}

// stranger names a member that is unknown, or "".
function stranger(object) {
  const known = members[object.type];
  if (!known) return object.type || "a block without a type";
  const odd = Object.keys(object).find((key) => key !== "type" && key !== "block_id" && !known.includes(key));
  return odd ? `${object.type} › ${odd}` : "";
}

const checked = (object, draw) => {
  const odd = stranger(object);
  return odd ? refuse(odd) : draw(object);
};

// blocks draws a list of blocks. at says what to do on a click and what stands
// in the fields: { press, entered, typed, faults }.
export function blocks(list, at) {
  return list.map((block) => checked(block, () => draw(block, at)));
}

function draw(block, at) {
  switch (block.type) {
    case "header": return h("h3", { class: "block header" }, text(block.text, refuse));
    case "divider": return h("hr", { class: "block" });
    case "rich_text": return h("div", { class: "block rich" }, richText(block, refuse));
    case "section": return section(block, at);
    case "context": return h("div", { class: "block context" }, block.elements.map((e) => h("p", { class: "words" }, text(e, refuse))));
    case "actions": return h("div", { class: "block actions" }, block.elements.map((e) => pressable(block, e, at)));
    case "input": return checked(block.element, () => (block.dispatch_action ? refuse("input › dispatch_action") : field(block, at, refuse)));
  }
  return refuse(block.type);
}

function pressable(block, element, at) {
  if (element.type === "static_select") return checked(element, () => menu(block, element, at, refuse));
  if (element.type !== "button") return refuse(`${block.type} › ${element.type}`);
  return checked(element, () => button(block, element, at, refuse));
}

function section(block, at) {
  return h("div", { class: "block section" },
    h("div", { class: "section-words" },
      block.text && h("p", { class: "words" }, text(block.text, refuse)),
      block.fields && h("div", { class: "fields" }, block.fields.map((f) => h("p", { class: "words" }, text(f, refuse))))),
    block.accessory && h("div", { class: "accessory" }, pressable(block, block.accessory, at)));
}
