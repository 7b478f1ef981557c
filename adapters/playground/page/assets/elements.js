// Buttons and fields of Block Kit.
import { ask, strange } from "./ask.js";
import { freshId, h } from "./dom.js";
import { text } from "./richtext.js";
import { select } from "./select.js";

// button presses by its ids, after it has asked once more where it does. It is
// busy until the bot has answered; pressing it again meanwhile sends again, as
// in Slack. One with an address opens that in a new tab, and the bot is told.
export function button(block, element, at, refuse) {
  const press = () => at.press(block.block_id, element.action_id);
  const props = { class: `button ${element.style ?? ""}`, "aria-label": element.accessibility_label, "data-focus": `press ${element.action_id}` };
  if (element.url) {
    if (!/^https?:\/\//.test(element.url)) return refuse("button › url");
    return h("a", { ...props, href: element.url, target: "_blank", rel: "noopener noreferrer", onclick: () => { press(); } },
      text(element.text, refuse), !element.accessibility_label && h("span", { class: "unseen" }, " (opens in a new tab)"));
  }
  if (element.confirm && strange(element.confirm)) return refuse(`confirm › ${strange(element.confirm)}`);
  const node = h("button", {
    ...props, type: "button", "aria-haspopup": element.confirm && "dialog",
    onclick: async () => {
      if (element.confirm && !(await ask(element.confirm, refuse))) return;
      node.setAttribute("aria-busy", "true");
      await press();
      node.removeAttribute("aria-busy");
    },
  }, text(element.text, refuse));
  return node;
}

// field draws an input block: its label, its element, its hint, its fault.
export function field(block, at, refuse) {
  const ids = { element: freshId("field"), hint: freshId("hint"), fault: freshId("fault") };
  const fault = at.faults[block.block_id];
  const about = [block.hint && ids.hint, fault && ids.fault].filter(Boolean).join(" ") || undefined;
  const label = [...text(block.label, refuse), block.optional ? h("span", { class: "optional" }, " (optional)") : ""];
  const notes = [
    fault && h("p", { class: "fault", id: ids.fault }, fault),
    block.hint && h("p", { class: "hint", id: ids.hint }, text(block.hint, refuse)),
  ];
  switch (block.element.type) {
    case "plain_text_input": {
      const input = textInput(block, at, { id: ids.element, "aria-describedby": about, "aria-invalid": fault ? "true" : undefined });
      return h("div", { class: "block field" }, h("label", { for: ids.element }, label), input, notes);
    }
    case "static_select":
      return h("div", { class: "block field" }, h("label", { for: ids.element }, label),
        select(block, at, { id: ids.element, "aria-describedby": about, "aria-invalid": fault ? "true" : undefined }), notes);
    case "checkboxes":
      return h("fieldset", { class: "block field boxes", "aria-describedby": about, "data-block": block.block_id },
        h("legend", {}, label), boxes(block, at, refuse), notes);
  }
  return refuse(`input › ${block.element.type}`);
}

function textInput(block, at, props) {
  const element = block.element;
  const before = at.typed.get(block.block_id)?.text ?? at.entered(block.block_id, element.action_id)?.value ?? "";
  const node = h(element.multiline ? "textarea" : "input", {
    ...props,
    type: element.multiline ? undefined : "text",
    rows: element.multiline ? 2 : undefined,
    autocomplete: "off", spellcheck: "false",
    required: !block.optional,
    maxlength: element.max_length,
    placeholder: element.placeholder?.text,
    "data-focus": `field ${block.block_id}`, "data-block": block.block_id,
    oninput: () => at.typed.set(block.block_id, { block: block.block_id, action: element.action_id, text: node.value }),
  });
  node.value = before;
  return node;
}

function boxes(block, at, refuse) {
  const { action_id: action, options } = block.element;
  const entered = at.entered(block.block_id, action)?.selected_options ?? [];
  const picked = new Set(at.typed.get(block.block_id)?.picked ?? entered.map((o) => o.value));
  return options.map((option) => {
    const box = h("input", {
      type: "checkbox", "data-focus": `box ${block.block_id} ${option.value}`,
      onchange: () => {
        if (box.checked) picked.add(option.value);
        else picked.delete(option.value);
        at.typed.set(block.block_id, { block: block.block_id, action, picked: [...picked] });
      },
    });
    box.checked = picked.has(option.value);
    return h("label", { class: "box" }, box, h("span", {}, text(option.text, refuse),
      option.description && h("span", { class: "hint" }, text(option.description, refuse))));
  });
}
