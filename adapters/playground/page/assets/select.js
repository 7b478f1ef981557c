// Menus of Block Kit, drawn as the browser's own.
import { h } from "./dom.js";

const value = (block, element, at) => {
  const typed = at.typed.get(block.block_id);
  if (typed?.action === element.action_id) return typed.picked[0] ?? "";
  const entered = at.entered(block.block_id, element.action_id);
  return (entered ? entered.selected_option : element.initial_option)?.value ?? "";
};

const line = (option) => h("option", { value: option.value },
  option.description ? `${option.text.text} – ${option.description.text}` : option.text.text);

// lines are the options; nothing can be chosen again only where it may be.
function lines(element, may) {
  const nothing = h("option", { value: "", disabled: !may }, element.placeholder?.text ?? "Select an option");
  const all = element.option_groups?.map((g) => h("optgroup", { label: g.label.text }, g.options.map(line))) ?? element.options.map(line);
  return [nothing, ...all];
}

// select is a menu in a form: what is chosen goes with the form.
export function select(block, at, props) {
  const element = block.element;
  const node = h("select", {
    ...props, required: !block.optional, "data-focus": `field ${block.block_id}`, "data-block": block.block_id,
    onchange: () => at.typed.set(block.block_id, { block: block.block_id, action: element.action_id, picked: node.value ? [node.value] : [] }),
  }, lines(element, block.optional));
  node.value = value(block, element, at);
  return node;
}

const walking = new Set(["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown"]);

// menu stands beside a text or among buttons: the bot is told of each choice.
// Walking through a closed menu by keyboard chooses nothing yet; Enter or
// leaving it does.
export function menu(block, element, at) {
  const label = element.placeholder?.text ?? block.text?.text ?? "Menu";
  let told = value(block, element, at);
  let walks = false;
  const tell = async () => {
    if (node.value === told || !node.isConnected) return;
    told = node.value;
    node.setAttribute("aria-busy", "true");
    await at.pick(block.block_id, element.action_id, node.value);
    node.removeAttribute("aria-busy");
  };
  const node = h("select", {
    class: "picker", "aria-label": label, "data-focus": `pick ${block.block_id} ${element.action_id}`,
    onkeydown: (event) => {
      walks = walking.has(event.key) && !event.altKey || event.key.length === 1 && event.key !== " ";
      if (event.key !== "Enter" || node.value === told) return;
      event.preventDefault(); // or a closed menu would send the form
      tell();
    },
    onpointerdown: () => { walks = false; },
    onchange: () => { if (!walks) tell(); },
    onblur: tell,
  }, lines(element, false));
  node.value = told;
  return node;
}
