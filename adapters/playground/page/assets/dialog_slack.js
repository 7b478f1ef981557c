// What stands in a dialog of Slack: blocks, of which some are a form.
import { blocks } from "./blocks.js";
import { h } from "./dom.js";

const incomplete = "Please complete this required field.";

export const lookOf = (view) => JSON.stringify([view.title, view.blocks, view.submit]);
export const begin = () => ({ typed: new Map(), missing: {} });

// renew drops what was typed into fields that are gone.
export function renew(shown, view) {
  shown.missing = {};
  const there = new Set(view.blocks.map((b) => b.block_id));
  for (const block of shown.typed.keys()) if (!there.has(block)) shown.typed.delete(block);
}

// lead is what the first block says, without what can be chosen beside it.
export function lead(body) {
  const block = body.firstElementChild;
  return (block?.querySelector(".section-words") ?? block)?.textContent ?? "";
}

// form draws a view at a desk: { shown, title, depth, veil, hint, send, draw, leave }.
export function form(view, desk) {
  const { shown, send, leave } = desk;
  const values = () => [...shown.typed.values()];
  const at = {
    typed: shown.typed,
    entered: (block, action) => view.entered[block]?.[action],
    faults: { ...view.faults, ...shown.missing },
    press: (block, action) => send("press", { view: view.id, block, action, values: values() }),
    pick: (block, action, option) => send("pick", { view: view.id, block, action, option, values: values() }),
  };
  return h("form", { novalidate: true, autocomplete: "off", onsubmit: (e) => submit(e, view, desk) },
    h("header", {}, h("img", { src: "/assets/icon.svg", alt: "", width: 24, height: 24 }), h("h2", { id: desk.title }, view.title),
      h("button", { type: "button", class: "cross", "aria-label": desk.depth > 1 ? "Close all dialogs" : "Close this dialog", "data-focus": "cross", onclick: () => leave(true) }, "✕")),
    h("div", { class: "modal-body" }, shown.trouble && h("p", { class: "trouble", role: "alert" }, shown.trouble), blocks(view.blocks, at)),
    h("footer", {},
      h("p", { class: "keys" }, desk.hint),
      h("button", { type: "button", class: "button", "data-focus": "close", onclick: () => leave(false) }, view.close),
      view.submit && h("button", { type: "submit", class: "button primary", "data-focus": "submit" }, view.submit)));
}

// submit sends the form, unless a required field is empty.
async function submit(event, view, { shown, veil, draw, send }) {
  event.preventDefault();
  if (!view.submit || shown.sending) return;
  shown.missing = {};
  for (const block of view.blocks.filter((b) => b.type === "input" && !b.optional)) {
    if (empty(block, view, shown)) shown.missing[block.block_id] = incomplete;
  }
  if (Object.keys(shown.missing).length > 0) {
    draw();
    veil.querySelector(".fault")?.closest(".field").querySelector("input, textarea, select").focus();
    return;
  }
  shown.sending = true;
  const button = veil.querySelector("[type=submit]");
  button.setAttribute("aria-busy", "true");
  button.disabled = true;
  await send("submit", { view: view.id, values: [...shown.typed.values()] });
  shown.sending = false;
  button.disabled = false;
  button.removeAttribute("aria-busy");
}

function empty(block, view, shown) {
  const typed = shown.typed.get(block.block_id);
  const entered = view.entered[block.block_id]?.[block.element.action_id];
  if (block.element.type === "static_select") return typed ? typed.picked.length === 0 : !(entered ? entered.selected_option : block.element.initial_option);
  if (block.element.type === "checkboxes") return (typed?.picked ?? entered?.selected_options ?? []).length === 0;
  return !(typed?.text ?? entered?.value);
}
