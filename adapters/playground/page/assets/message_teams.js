// One message of Teams, as whoever looks at it sees it.
import { card, newDesk } from "./card.js";
import { teamsText } from "./card_text.js";
import { h } from "./dom.js";
import { post } from "./link.js";
import { cardDate, timeOf } from "./time.js";

const when = (part) => part.at ?? Number(part.ts.slice(0, 13));

// wordsOf is what is read aloud of a message.
export const wordsOf = (part) => [part.text && h("p", {}, teamsText(part.text, !part.by.app)).textContent, part.card?.fallbackText].filter(Boolean).join(" ");

// draws makes the message of a room as draws of message.js does; mine tells
// that the person wrote it, level is that of the headings in its card.
export function draws(part, room, { person, tell, menu, mine, level, face, offer }) {
  const ms = when(part);
  const desk = newDesk(async (pointer, inputs) => {
    const wrong = await post("press", { person, chat: "teams", room, ts: part.ts, pointer, inputs });
    if (wrong) tell(wrong);
  }, level);
  return h("li", { class: `message t-message ${part.only ? "only-me" : ""} ${mine ? "mine" : ""}`, "data-ts": part.ts, oncontextmenu: (event) => offer(event, menu) },
    face(part.by),
    h("article", { "aria-label": `${part.by.name}, ${timeOf(ms)}`, tabindex: "-1" },
      part.only && h("p", { class: "only" }, "Only you can see this message"),
      h("p", { class: "by" }, !mine && h("strong", {}, part.by.name), part.by.app && h("span", { class: "app" }, "APP"),
        part.by.note && h("span", { class: "note" }, part.by.note),
        h("time", { datetime: new Date(ms).toISOString(), title: `${cardDate(ms, "LONG")}, ${timeOf(ms)}` }, timeOf(ms)),
        part.edited && h("span", { class: "edited" }, "Edited")),
      part.text && h("p", { class: "words bubble" }, teamsText(part.text, !part.by.app)),
      part.card && h("div", { class: "sheet" }, card(part.card, desk).node),
      part.note && h("p", { class: "beside", role: "status" }, part.note)),
    menu);
}
