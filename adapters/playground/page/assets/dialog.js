// A dialog of Slack: the top one of a person's stack, with what was typed into
// it. There is one for the Slack in the middle and one for the caller's.
import { blocks } from "./blocks.js";
import { fill, freshId, h, say } from "./dom.js";
import { post } from "./link.js";

const incomplete = "Please complete this required field.";

// lead is what the first block says, without what can be chosen beside it.
const lead = (block) => (block?.querySelector(".section-words") ?? block)?.textContent ?? "";

// dialogs draws a stack of dialogs in a node, veil. stack() lists them, person()
// is who acts; cover(on) hides or shows what lies beneath, and rest() takes the
// focus when the last one has gone. grabs(at) tells whether a dialog may take
// the focus from the element at; hint stands beside its buttons, and whose,
// where given, before what is read out.
export function dialogs({ stack, person, veil, cover, rest, grabs, hint, whose = () => "" }) {
  let shown = null; // { id, look, typed, missing, trouble }
  let sending = false;

  // draw shows the top modal of the stack.
  function draw() {
    const all = stack();
    const view = all.at(-1);
    if (!view) {
      if (shown) close();
      return;
    }
    const look = JSON.stringify([view.title, view.blocks, view.submit]);
    if (shown?.id !== view.id) shown = { id: view.id, look: "", typed: new Map(), missing: {}, trouble: "" };
    const fresh = shown.look !== look;
    if (fresh) {
      shown.missing = {};
      shown.trouble = "";
      forget(view);
    }
    shown.look = look;
    const focus = focused();
    const caret = caretOf(document.activeElement);
    veil.classList.toggle("opening", veil.hidden);
    veil.hidden = false;
    fill(veil, dialog(view, all.length));
    cover(true);
    refocus(focus, fresh, caret);
    if (fresh) say(`${whose()}${view.title}. ${lead(veil.querySelector(".modal-body").firstElementChild)}`);
  }

  // forget drops what was typed into fields that are gone.
  function forget(view) {
    const there = new Set(view.blocks.map((b) => b.block_id));
    for (const block of shown.typed.keys()) if (!there.has(block)) shown.typed.delete(block);
  }

  function close() {
    const within = veil.contains(document.activeElement) || document.activeElement === document.body;
    shown = null;
    veil.hidden = true;
    fill(veil);
    cover(false);
    if (within) rest();
  }

  // focused names the element that has the focus, if it is one of ours.
  function focused() {
    const at = document.activeElement;
    if (veil.contains(at)) return at.closest("[data-focus]")?.dataset.focus ?? "dialog";
    return grabs(at) ? "dialog" : "";
  }

  // refocus goes back to where the focus was, or to the first thing to fill in,
  // unless the person is busy elsewhere on the page. Where somebody types into a
  // field that is still there, he goes on where he was.
  function refocus(focus, fresh, caret) {
    if (!focus) return;
    const same = focus !== "dialog" && veil.querySelector(`[data-focus="${CSS.escape(focus)}"]`);
    const first = [...veil.querySelectorAll("input[type=text], textarea")].find((f) => !f.value);
    const target = same?.value && caret ? same : (fresh && first) || same || first || veil.querySelector("[role=dialog]");
    target.focus();
    if (target === same && caret) target.setSelectionRange(...caret);
  }

  function dialog(view, depth) {
    const title = freshId("title");
    const at = {
      typed: shown.typed,
      entered: (block, action) => view.entered[block]?.[action],
      faults: { ...view.faults, ...shown.missing },
      press: (block, action) => send("press", { view: view.id, block, action, values: values() }),
      pick: (block, action, option) => send("pick", { view: view.id, block, action, option, values: values() }),
    };
    const form = h("form", { novalidate: true, autocomplete: "off", onsubmit: (e) => submit(e, view) },
      h("header", {}, h("img", { src: "/assets/icon.svg", alt: "", width: 24, height: 24 }), h("h2", { id: title }, view.title),
        h("button", { type: "button", class: "cross", "aria-label": depth > 1 ? "Close all dialogs" : "Close this dialog", "data-focus": "cross", onclick: () => leave(view, true) }, "✕")),
      h("div", { class: "modal-body" }, shown.trouble && h("p", { class: "trouble", role: "alert" }, shown.trouble), blocks(view.blocks, at)),
      h("footer", {},
        h("p", { class: "keys" }, hint),
        h("button", { type: "button", class: "button", "data-focus": "close", onclick: () => leave(view, false) }, view.close),
        view.submit && h("button", { type: "submit", class: "button primary", "data-focus": "submit" }, view.submit)));
    return h("div", { class: "modal", role: "dialog", "aria-labelledby": title, tabindex: "-1", onkeydown: keys }, form);
  }

  const values = () => [...shown.typed.values()];

  async function send(verb, body) {
    const mine = shown;
    const wrong = await post(verb, { person: person(), ...body });
    if (wrong && shown && mine.id === shown.id) {
      shown.trouble = wrong;
      draw();
    }
  }

  // submit sends the form, unless a required field is empty.
  async function submit(event, view) {
    event.preventDefault();
    if (!view.submit || sending) return;
    shown.missing = {};
    for (const block of view.blocks.filter((b) => b.type === "input" && !b.optional)) {
      if (empty(block, view)) shown.missing[block.block_id] = incomplete;
    }
    if (Object.keys(shown.missing).length > 0) {
      draw();
      veil.querySelector(".fault")?.closest(".field").querySelector("input, textarea, select").focus();
      return;
    }
    sending = true;
    const button = veil.querySelector("[type=submit]");
    button.setAttribute("aria-busy", "true");
    button.disabled = true;
    await send("submit", { view: view.id, values: values() });
    sending = false;
    button.disabled = false;
    button.removeAttribute("aria-busy");
  }

  function empty(block, view) {
    const typed = shown.typed.get(block.block_id);
    const entered = view.entered[block.block_id]?.[block.element.action_id];
    if (block.element.type === "static_select") return typed ? typed.picked.length === 0 : !(entered ? entered.selected_option : block.element.initial_option);
    if (block.element.type === "checkboxes") return (typed?.picked ?? entered?.selected_options ?? []).length === 0;
    return !(typed?.text ?? entered?.value);
  }

  function leave(view, all) {
    return send("close", { view: view.id, all });
  }

  return { draw, escape: () => { const view = stack().at(-1); if (view) leave(view, false); return Boolean(view); } };
}

// caretOf says where somebody types, if it is a field of text.
function caretOf(node) {
  return node.matches?.("input[type=text], textarea") ? [node.selectionStart, node.selectionEnd, node.selectionDirection] : null;
}

// keys keep the focus inside, and send several lines with Control and Enter.
function keys(event) {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    event.currentTarget.querySelector("form").requestSubmit();
  } else if (event.key === "Tab") {
    const all = [...event.currentTarget.querySelectorAll("button, input, textarea, select, a[href]")].filter((e) => !e.disabled);
    const edge = event.shiftKey ? all[0] : all.at(-1);
    if (document.activeElement === edge || document.activeElement === event.currentTarget && event.shiftKey) {
      event.preventDefault();
      (event.shiftKey ? all.at(-1) : all[0]).focus();
    }
  }
}
