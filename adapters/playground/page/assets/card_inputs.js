// The inputs of a card: their label, what is in them, and what is said below
// when it cannot be sent.
import { freshId, h } from "./dom.js";
import { dated } from "./card_text.js";

const off = (e) => e.valueOff ?? "false";
const on = (e) => e.valueOn ?? "true";

// initial is the value that an input begins with.
function initial(e) {
  if (e.type === "Input.Toggle") return e.value ?? off(e);
  return e.value === undefined ? "" : String(e.value);
}

// incomplete says what is wrong with the value of an input, or "".
function incomplete(e, value) {
  const say = e.errorMessage ?? `The value of ${e.label} is not valid.`;
  if (value === "" || e.type === "Input.Toggle" && value === off(e)) return e.isRequired ? say : "";
  const number = Number(value);
  switch (e.type) {
    case "Input.Text": return e.regex && !new RegExp(e.regex).test(value) ? say : "";
    case "Input.Number": return Number.isNaN(number) || number < e.min || number > e.max ? say : "";
    case "Input.Date":
    case "Input.Time": return value < (e.min ?? "") || e.max && value > e.max ? say : "";
  }
  return "";
}

// input draws one and puts it on the sheet. complaint is the id of what the bot
// has put right below: a warning.
export function input(e, depth, sheet, complaint) {
  const ids = { field: freshId("input"), fault: freshId("fault") };
  const fault = h("p", { class: "fault", id: ids.fault });
  const { typed, faults } = sheet.at;
  const entry = {
    element: e, depth, complaint,
    value: () => typed.get(e.id) ?? initial(e),
    set: (value) => { typed.set(e.id, value); if (faults.has(e.id) && !incomplete(e, value)) entry.mark(""); },
    wrong: () => incomplete(e, entry.value()),
    mark: (words) => {
      if (words) faults.set(e.id, words);
      else faults.delete(e.id);
      fault.textContent = words;
      for (const node of entry.fields) describe(node, words && ids.fault, complaint);
    },
  };
  const label = [...dated(e.label), e.isRequired && h("span", { class: "star", "aria-hidden": "true" }, " *")];
  const group = e.type === "Input.Toggle" || e.type === "Input.ChoiceSet" && (e.isMultiSelect || e.style === "expanded");
  const node = group
    ? h("fieldset", { class: "ac-input" }, h("legend", {}, label, e.isRequired && h("span", { class: "unseen" }, " (required)")), boxes(e, entry), fault)
    : h("div", { class: "ac-input" }, h("label", { for: ids.field }, label), single(e, entry, ids.field), fault);
  entry.node = node;
  entry.fields = group ? [node] : [node.querySelector("input, select, textarea")];
  entry.focus = () => node.querySelector("input, select, textarea").focus();
  entry.mark(faults.get(e.id) ?? "");
  sheet.inputs.push(entry);
  return node;
}

// describe ties an input to the words below it.
function describe(node, fault, complaint) {
  const about = [fault, complaint].filter(Boolean).join(" ");
  if (about) node.setAttribute("aria-describedby", about);
  else node.removeAttribute("aria-describedby");
  if (node.tagName === "FIELDSET") return;
  if (about) node.setAttribute("aria-invalid", "true");
  else node.removeAttribute("aria-invalid");
}

const native = { "Input.Text": "text", "Input.Number": "number", "Input.Date": "date", "Input.Time": "time" };

function single(e, entry, id) {
  const props = { id, required: e.isRequired === true, "data-focus": `field ${e.id}` };
  if (e.type === "Input.ChoiceSet") return menu(e, entry, props);
  const many = e.isMultiline === true;
  const node = h(many ? "textarea" : "input", {
    ...props, type: many ? undefined : native[e.type], rows: many ? 3 : undefined, maxlength: e.maxLength, min: e.min, max: e.max,
    placeholder: e.placeholder, autocomplete: "off", spellcheck: "false", oninput: () => entry.set(node.value),
  });
  node.value = entry.value();
  return node;
}

function menu(e, entry, props) {
  const node = h("select", { ...props, onchange: () => entry.set(node.value) },
    h("option", { value: "", disabled: e.isRequired === true }, e.placeholder || "Choose"),
    e.choices.map((c) => h("option", { value: c.value }, c.title)));
  node.value = entry.value();
  return node;
}

// boxes are check boxes, or radio buttons where one is chosen. Several values
// are sent in the order of the choices, parted by commas.
function boxes(e, entry) {
  const toggle = e.type === "Input.Toggle";
  const choices = toggle ? [{ title: e.title, value: on(e) }] : e.choices;
  const one = !toggle && !e.isMultiSelect;
  const name = freshId("choice");
  const chosen = () => (toggle || one ? [entry.value()] : entry.value().split(","));
  const all = choices.map((c) => {
    const box = h("input", { type: one ? "radio" : "checkbox", name, value: c.value, "data-focus": `box ${e.id} ${c.value}`, onchange: () => change() });
    box.checked = chosen().includes(c.value);
    return { box, label: h("label", { class: "box" }, box, h("span", {}, dated(c.title))) };
  });
  const change = () => {
    const ticked = all.filter((c) => c.box.checked).map((c) => c.box.value);
    entry.set(toggle && ticked.length === 0 ? off(e) : ticked.join(","));
  };
  return all.map((c) => c.label);
}
