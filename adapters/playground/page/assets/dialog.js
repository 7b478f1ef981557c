// A dialog of a chat: the top one of a person's stack, with what was typed into
// it. There is one for the chat in the middle and one for the caller's. How it
// looks inside is the chat's.
import * as slack from "./dialog_slack.js";
import * as teams from "./dialog_teams.js";
import { fill, freshId, h, say } from "./dom.js";
import { post } from "./link.js";

const looks = { slack, teams };

// dialogs draws a stack of dialogs in a node, veil. stack() lists them, person()
// is who acts; cover(on) hides or shows what lies beneath, and rest() takes the
// focus when the last one has gone. grabs(at) tells whether a dialog may take
// the focus from the element at; hint() stands beside its buttons, and whose,
// where given, before what is read out.
export function dialogs({ stack, person, veil, cover, rest, grabs, hint, whose = () => "" }) {
  let shown = null; // { id, look, trouble, sending, and what the chat keeps }

  // draw shows the top dialog of the stack.
  function draw() {
    const all = stack();
    const view = all.at(-1);
    if (!view) {
      if (shown) close();
      return;
    }
    const kind = looks[view.chat ?? "slack"];
    const look = kind.lookOf(view);
    if (shown?.id !== view.id) shown = { id: view.id, look: "", trouble: "", sending: false, ...kind.begin() };
    const fresh = shown.look !== look;
    if (fresh) {
      shown.trouble = "";
      kind.renew(shown, view);
    }
    shown.look = look;
    const focus = focused();
    const caret = caretOf(document.activeElement);
    veil.classList.toggle("opening", veil.hidden);
    veil.hidden = false;
    fill(veil, dialog(kind, view, all.length));
    cover(true);
    refocus(focus, fresh, caret);
    if (fresh) say(`${whose()}${view.title}. ${kind.lead(veil.querySelector(".modal-body"))}`);
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

  function dialog(kind, view, depth) {
    const title = freshId("title");
    const form = kind.form(view, { shown, title, depth, veil, hint: hint(), send, draw, leave: (all) => send("close", { view: view.id, ...(kind === slack ? { all } : { chat: "teams" }) }) });
    return h("div", { class: "modal", role: "dialog", "aria-labelledby": title, tabindex: "-1", onkeydown: keys }, form);
  }

  async function send(verb, body) {
    const mine = shown;
    const wrong = await post(verb, { person: person(), ...body });
    if (wrong && shown && mine.id === shown.id) {
      shown.trouble = wrong;
      draw();
    }
  }

  function escape() {
    const view = stack().at(-1);
    if (view) send("close", view.chat === "teams" ? { view: view.id, chat: "teams" } : { view: view.id, all: false });
    return Boolean(view);
  }

  return { draw, escape };
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
    const all = [...event.currentTarget.querySelectorAll("button, input, textarea, select, a[href], .ac-tap")].filter((e) => !e.disabled && !e.closest("[hidden]"));
    const edge = event.shiftKey ? all[0] : all.at(-1);
    if (document.activeElement === edge || document.activeElement === event.currentTarget && event.shiftKey) {
      event.preventDefault();
      (event.shiftKey ? all.at(-1) : all[0]).focus();
    }
  }
}
