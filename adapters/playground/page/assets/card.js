// Adaptive Cards of version 1.5 as Teams draws them, as far as the bot uses
// them. refresh is the client's own business and is left out.
import { freshId, h } from "./dom.js";
import { buttons, run, tap } from "./card_actions.js";
import { input } from "./card_inputs.js";
import { checked } from "./card_known.js";
import { dated, inline, markdown } from "./card_text.js";

// newDesk keeps what one person does with one card: what was typed, what is
// wrong with it, what is unfolded, what was shown or hidden, and whether a
// press is under way. press sends one: by its JSON pointer, with the inputs.
export const newDesk = (press, level = 3) => ({ typed: new Map(), faults: new Map(), opened: new Set(), hidden: new Map(), busy: false, press, level });

// card draws a card on a desk. submit() presses the button that sends the
// form: the positive one of the bottom row, or the only one there.
export function card(content, at) {
  const sheet = { at, inputs: [], headed: false };
  sheet.inside = (inner, pointer, depth) => parts(inner, pointer, depth, sheet);
  sheet.node = h("div", { class: "ac", dir: content.rtl ? "rtl" : undefined });
  sheet.node.append(...[checked(content, ["AdaptiveCard"], (c) => parts(c, "", "", sheet))].flat());
  tap(sheet.node, content.selectAction, "", "", sheet);
  return { node: sheet.node, submit: () => submit(content, sheet) };
}

function submit(content, sheet) {
  const row = (content.actions ?? []).map((a, i) => ({ a, i })).filter(({ a }) => a.type === "Action.Submit" || a.type === "Action.Execute");
  const positive = row.filter(({ a }) => a.style === "positive");
  const [only, ...more] = positive.length > 0 ? positive : row;
  if (!only || more.length > 0 || only.a.isEnabled === false) return;
  const pointer = `/actions/${only.i}`;
  run(only.a, pointer, "", sheet, sheet.node.querySelector(`[data-pointer="${pointer}"]`));
}

// parts are the body of a card and the buttons at its foot.
function parts(content, pointer, depth, sheet) {
  return [
    h("div", { class: "ac-body" }, elements(content.body ?? [], `${pointer}/body`, depth, sheet)),
    content.actions?.length > 0 && h("div", { class: "ac-foot" }, buttons(content.actions, `${pointer}/actions`, depth, sheet)),
  ].filter(Boolean);
}

const isWarning = (e) => e?.type === "TextBlock" && e.color?.toLowerCase() === "attention";

// elements draws a list. A warning right below an input belongs to it.
function elements(list, pointer, depth, sheet) {
  let complaint;
  return list.map((e, i) => {
    const id = complaint;
    complaint = e.type?.startsWith("Input.") && isWarning(list[i + 1]) ? freshId("complaint") : undefined;
    const mine = complaint;
    return checked(e, ["TextBlock", "RichTextBlock", "FactSet", "Container", "ColumnSet", "ActionSet", "Input."],
      (known) => placed(known, element(known, `${pointer}/${i}`, depth, sheet, mine), sheet, id));
  }).filter(Boolean);
}

// placed sets an element apart from the one above, and hides what is hidden.
function placed(e, node, sheet, id) {
  node.classList.add("ac-e", `ac-space-${e.spacing ?? "default"}`);
  if (e.separator) node.classList.add("ac-line");
  if (e.height === "stretch") node.classList.add("ac-tall");
  if (e.id) node.dataset.element = e.id;
  node.hidden = sheet.at.hidden.get(e.id) ?? e.isVisible === false;
  if (id) node.id = id;
  return node;
}

function element(e, pointer, depth, sheet, complaint) {
  switch (e.type) {
    case "TextBlock": return textBlock(e, sheet);
    case "RichTextBlock": return h("p", { class: `ac-text ${aligned(e)}` }, e.inlines.map((r, i) => run1(r, `${pointer}/inlines/${i}`, depth, sheet)));
    case "FactSet": return h("dl", { class: "ac-facts" }, e.facts.map((f) => h("div", {}, h("dt", {}, inline(f.title)), h("dd", {}, inline(f.value)))));
    case "Container": return tap(h("div", { class: `ac-box ${styled(e)}` }, elements(e.items, `${pointer}/items`, depth, sheet)), e.selectAction, pointer, depth, sheet);
    case "ColumnSet": return columns(e, pointer, depth, sheet);
    case "ActionSet": return h("div", { class: "ac-set" }, buttons(e.actions, `${pointer}/actions`, depth, sheet));
  }
  return input(e, depth, sheet, complaint);
}

const styled = (e) => [e.style && e.style !== "default" && `ac-styled ac-${e.style.toLowerCase()}`, e.bleed && "ac-bleed", e.verticalContentAlignment && `ac-${e.verticalContentAlignment}`].filter(Boolean).join(" ");
const aligned = (e) => (e.horizontalAlignment ? `ac-${e.horizontalAlignment}` : "");

// look is how words of a text block or a run are written.
const look = (e) => [e.size && `ac-size-${e.size.toLowerCase()}`, e.weight && `ac-weight-${e.weight.toLowerCase()}`, e.color && `ac-color-${e.color.toLowerCase()}`,
  e.isSubtle && "ac-subtle", e.fontType === "monospace" && "code"].filter(Boolean).join(" ");

function textBlock(e, sheet) {
  const props = { class: `ac-text ${look(e)} ${aligned(e)} ${e.wrap ? "" : "ac-cut"}` };
  const lines = markdown(e.text, props);
  if (e.style === "heading") {
    const level = sheet.headed && !/large/i.test(e.size ?? "") ? sheet.at.level + 1 : sheet.at.level;
    sheet.headed = true;
    return h(`h${level}`, props, lines.map((line) => [...line.childNodes]).flat());
  }
  const node = lines.length === 1 ? lines[0] : h("div", {}, lines);
  if (e.maxLines) {
    node.classList.add("ac-lines");
    node.style.setProperty("--lines", e.maxLines);
  }
  return node;
}

// run1 draws a run of a rich text, in which nothing is markup but times.
function run1(r, pointer, depth, sheet) {
  return checked(r, ["TextRun"], () => {
    let words = dated(r.text);
    for (const [on, tag] of [[r.underline, "u"], [r.strikethrough, "s"], [r.highlight, "mark"], [r.italic, "em"], [r.weight?.toLowerCase() === "bolder", "strong"]]) if (on) words = [h(tag, {}, words)];
    return tap(h("span", { class: look(r) }, words), r.selectAction, pointer, depth, sheet);
  });
}

function columns(e, pointer, depth, sheet) {
  const all = (e.columns ?? []).map((c, i) => checked({ type: "Column", ...c }, ["Column"], (known) => {
    const at = `${pointer}/columns/${i}`;
    const node = placed(known, h("div", { class: `ac-column ac-box ${styled(known)}` }, elements(known.items ?? [], `${at}/items`, depth, sheet)), sheet);
    const width = known.width ?? "stretch";
    if (width === "auto") node.classList.add("ac-auto");
    else if (/px$/.test(width)) { node.classList.add("ac-auto"); node.style.width = width; }
    else if (width !== "stretch") node.style.flexGrow = String(width);
    return tap(node, known.selectAction, at, depth, sheet);
  }));
  return tap(h("div", { class: `ac-columns ${styled(e)}` }, all), e.selectAction, pointer, depth, sheet);
}
