// The caller's mailbox, newest first.
import { byId, fill, h, say } from "./dom.js";
import { get, watch } from "./store.js";
import { caller, moved } from "./state.js";
import { timeOf } from "./time.js";

let seen = null; // { who, count }
let letters = []; // drawn once each, so that focus and what is open stay

watch(draw, "mail", "world", "caller");
moved(draw);

function draw() {
  const world = get("world");
  if (!world?.has.mail || !caller() || get("caller") !== (caller().id || caller().email)) return;
  const all = get("mail") ?? [];
  const who = get("caller");
  const fresh = seen?.who === who && all.length > seen.count;
  if (fresh) {
    say(`Mail for ${caller().name}: ${all.at(-1).subject}`);
    if (document.body.dataset.pane !== "caller") document.querySelector("#panes [data-to=caller]").dataset.news = "mail";
  }
  if (seen?.who !== who || all.length < letters.length) letters = [];
  if (fresh) for (const before of letters) before.firstChild.open = false;
  for (let i = letters.length; i < all.length; i++) letters.push(h("li", {}, letter(all[i], i === all.length - 1, fresh)));
  seen = { who, count: all.length };
  fill(byId("mail"), h("section", { class: "card", "aria-labelledby": "mail-title" },
    h("h3", { id: "mail-title" }, `${caller().name.split(" ")[0]}'s mailbox`, h("span", { class: "address" }, caller().email)),
    all.length === 0 && h("p", { class: "none" }, "No mail."),
    h("ol", { class: "mails", reversed: true }, letters.toReversed())));
  if (fresh) bring(letters.at(-1));
}

// bring shows a new letter, and the phone above it whole: its code comes next.
function bring(letter) {
  const pane = byId("caller").getBoundingClientRect();
  const at = letter.getBoundingClientRect();
  if (at.top >= pane.top && at.bottom <= pane.bottom) return;
  (byId("phone").firstElementChild ?? letter).scrollIntoView({ block: "start" });
  letter.scrollIntoView({ block: "nearest" });
}

function letter(m, open, fresh) {
  return h("details", { open, class: fresh ? "fresh" : "" },
    h("summary", {}, h("strong", {}, m.subject), h("time", { datetime: m.at }, timeOf(Date.parse(m.at)))),
    h("p", { class: "from" }, `From ${m.from}`),
    h("p", { class: "words" }, m.text.trim()));
}
