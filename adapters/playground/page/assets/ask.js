// The box in which Slack asks once more.
import { fill, freshId, h } from "./dom.js";
import { text } from "./richtext.js";

const known = ["title", "text", "confirm", "deny", "style"];

// strange names a member of a confirmation that is unknown, or "".
export const strange = (confirm) => Object.keys(confirm).find((key) => !known.includes(key)) ?? "";

// ask shows the box over the page and gives whether it was confirmed. Escape
// and a click beside it do nothing that was asked about.
export function ask(confirm, refuse) {
  return new Promise((answered) => {
    const ids = { title: freshId("ask"), text: freshId("ask") };
    const box = h("dialog", {
      class: "ask", role: "alertdialog", "aria-labelledby": ids.title, "aria-describedby": ids.text,
      onkeydown: (event) => event.stopPropagation(), // Escape is the box's own
      onclick: (event) => { if (event.target === box) box.close(""); },
      onclose: () => { box.remove(); answered(box.returnValue === "yes"); },
    });
    const choice = (label, value, style) => h("button", { type: "button", class: `button ${style}`, onclick: () => box.close(value) }, text(label, refuse));
    fill(box, h("div", { class: "ask-body" },
      h("h2", { id: ids.title }, text(confirm.title, refuse)),
      h("p", { class: "words", id: ids.text }, text(confirm.text, refuse)),
      h("div", { class: "ask-choices" }, choice(confirm.deny, "", ""), choice(confirm.confirm, "yes", confirm.style === "danger" ? "danger" : "primary"))));
    document.body.append(box);
    box.showModal();
    box.querySelector("button").focus();
  });
}
