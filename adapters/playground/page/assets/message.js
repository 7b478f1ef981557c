// One message, as whoever looks at it sees it.
import { blocks } from "./blocks.js";
import { h } from "./dom.js";
import { post } from "./link.js";
import { draws as teams, wordsOf as wordsOfTeams } from "./message_teams.js";
import { mrkdwn } from "./richtext.js";
import { slackDate, timeOf } from "./time.js";

// draws makes the message of a room; person is who presses its buttons, tell
// says what went wrong then, and menu, where there is one, is its own. mine and
// level are for Teams.
export function draws(part, room, { person, tell, menu, mine = false, level = 3 }) {
  if (part.chat === "teams") return teams(part, room, { person, tell, menu, mine, level, face, offer });
  const ms = Number(part.ts.split(".")[0]) * 1000;
  const send = async (verb, what) => {
    const wrong = await post(verb, { person, room, ts: part.ts, ...what });
    if (wrong) tell(wrong);
  };
  const at = {
    typed: new Map(), entered: () => undefined, faults: {},
    press: (block, action) => send("press", { block, action }),
    pick: (block, action, option) => send("pick", { block, action, option }),
  };
  return h("li", { class: part.only ? "message only-me" : "message", oncontextmenu: (event) => offer(event, menu) },
    face(part.by),
    h("article", { "aria-label": `${part.by.name}, ${timeOf(ms)}` },
      part.only && h("p", { class: "only" }, "Only visible to you"),
      h("p", { class: "by" }, h("strong", {}, part.by.name), part.by.app && h("span", { class: "app" }, "APP"),
        part.by.note && h("span", { class: "note" }, part.by.note),
        h("time", { datetime: new Date(ms).toISOString(), title: slackDate(ms / 1000, "{date_long} at {time_secs}") }, timeOf(ms)),
        part.edited && h("span", { class: "edited" }, "(edited)")),
      part.blocks ? blocks(part.blocks, at) : h("p", { class: "words" }, mrkdwn(part.text))),
    menu);
}

// wordsOf is what is read aloud of a message.
export const wordsOf = (part) => (part.chat === "teams" ? wordsOfTeams(part) : h("p", {}, mrkdwn(part.text)).textContent);

// face is the app's sign, or the initials of a person or of another app.
function face(by) {
  if (by.app && by.name === "Latchkey") return h("img", { class: "face", src: "/assets/icon.svg", alt: "", width: 36, height: 36 });
  const initials = by.name.split(" ").map((word) => word[0]).join("").slice(0, 2).toUpperCase();
  return h("span", { class: by.app ? "face other" : "face", "aria-hidden": "true" }, initials);
}

// offer opens the message's own menu instead of the browser's, unless it was
// asked for on a link or on chosen words.
function offer(event, menu) {
  if (!menu || event.target.closest("a, input, textarea, select") || getSelection().toString()) return;
  event.preventDefault();
  menu.click();
}
