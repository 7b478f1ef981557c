// What stands in a dialog of Teams: one card, or a text. Its buttons are the
// card's; what closes it is its cross.
import { card, newDesk } from "./card.js";
import { teamsText } from "./card_text.js";
import { h } from "./dom.js";

export const lookOf = (view) => JSON.stringify([view.title, view.hash, view.said]);
export const begin = () => ({ desk: newDesk(null, 3) });

// renew: a new card begins with what it holds itself.
export function renew(shown) {
  shown.desk = newDesk(null, 3);
}

// lead is what the card says first, and what is wrong below its inputs.
export function lead(body) {
  const first = body.querySelector(".said, .ac-body > *");
  const wrong = [...body.querySelectorAll(".ac-input + .ac-color-attention")];
  return [first, ...wrong].filter(Boolean).map((node) => node.textContent).join(" ");
}

// form draws a view at a desk as form of dialog_slack.js does. Enter in a line
// of text presses the button that sends the form, which spares a step here.
export function form(view, { shown, title, hint, send, leave }) {
  shown.desk.press = (pointer, inputs) => send("press", { view: view.id, chat: "teams", pointer, inputs });
  const drawn = view.card && card(view.card, shown.desk);
  return h("form", { novalidate: true, autocomplete: "off", onsubmit: (event) => { event.preventDefault(); drawn?.submit(); }, onkeydown: (event) => enter(event, drawn) },
    h("header", {}, h("img", { class: "face", src: "/assets/icon.svg", alt: "", width: 24, height: 24 }), h("h2", { id: title }, view.title),
      h("button", { type: "button", class: "cross", "aria-label": "Close this dialog", "data-focus": "cross", onclick: () => leave(true) }, "✕")),
    h("div", { class: "modal-body" }, shown.trouble && h("p", { class: "trouble", role: "alert" }, shown.trouble),
      view.said && h("p", { class: "said words" }, teamsText(view.said, false)), drawn?.node),
    h("div", { class: "foot keys-foot" }, h("p", { class: "keys" }, hint)));
}

function enter(event, drawn) {
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.target.tagName !== "INPUT") return;
  event.preventDefault();
  drawn?.submit();
}
