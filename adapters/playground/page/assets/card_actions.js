// The buttons of a card. What opens an address, unfolds a small card or shows
// and hides parts is done here; the rest is sent.
import { refuse } from "./blocks.js";
import { freshId, h, say } from "./dom.js";
import { checked } from "./card_known.js";

// buttons draws a row of actions, and below it the small card of the one that
// is unfolded. pointer is that of the list; depth is the card's.
export function buttons(list, pointer, depth, sheet) {
  const row = { open: null };
  const drawn = list.map((action, i) => checked(action, ["Action."], (a) => button(a, `${pointer}/${i}`, depth, sheet, row))).filter(Boolean);
  return [h("div", { class: "ac-actions" }, drawn.map((d) => d.button ?? d)), ...drawn.map((d) => d.card).filter(Boolean)];
}

const looks = { positive: "primary", destructive: "danger" };

function button(a, pointer, depth, sheet, row) {
  const props = { class: `button ${looks[a.style] ?? ""}`, title: a.tooltip, "data-focus": `press ${a.id ?? a.tooltip ?? a.title}` };
  const card = a.type === "Action.ShowCard" && unfolded(a, pointer, sheet);
  if (a.type === "Action.OpenUrl") return link(a, props);
  const node = h("button", {
    ...props, type: "button", disabled: a.isEnabled === false, "data-pointer": pointer,
    "aria-expanded": card ? String(sheet.at.opened.has(pointer)) : undefined, "aria-controls": card ? card.id : undefined,
    onclick: () => run(a, pointer, depth, sheet, node),
  }, a.title);
  if (!card) return { button: node };
  const fold = (open) => {
    card.hidden = !open;
    node.setAttribute("aria-expanded", String(open));
    if (open) sheet.at.opened.add(pointer);
    else sheet.at.opened.delete(pointer);
    if (open && row.open !== fold) row.open?.(false);
    row.open = open ? fold : null;
  };
  if (!card.hidden) row.open = fold;
  node.addEventListener("click", () => {
    fold(card.hidden);
    if (!card.hidden) say(card.querySelector(".ac-body").textContent);
    if (!card.hidden) card.scrollIntoView?.({ block: "nearest" });
  });
  return { button: node, card };
}

function link(a, props) {
  if (!/^https?:\/\//.test(a.url)) return { button: refuse("Action.OpenUrl › url") };
  return { button: h("a", { ...props, href: a.url, target: "_blank", rel: "noopener noreferrer" }, a.title, h("span", { class: "unseen" }, " (opens in a new tab)")) };
}

// unfolded is the small card of an Action.ShowCard.
function unfolded(a, pointer, sheet) {
  const at = `${pointer}/card`;
  return h("div", { class: "ac-inner", id: freshId("inner"), role: "group", "aria-label": a.title, hidden: !sheet.at.opened.has(pointer) },
    checked(a.card, ["AdaptiveCard"], (card) => sheet.inside(card, at, at)));
}

// run does what an action says. It is busy until the bot has answered; Teams
// takes no second press of a card meanwhile.
export async function run(a, pointer, depth, sheet, node) {
  if (a.type === "Action.ShowCard") return;
  if (a.type === "Action.OpenUrl") { window.open(a.url, "_blank", "noopener,noreferrer"); return; }
  if (a.type === "Action.ToggleVisibility") { toggle(a, sheet); return; }
  if (sheet.at.busy || !complete(a, depth, sheet)) return;
  sheet.at.busy = true;
  node.setAttribute("aria-busy", "true");
  const inputs = Object.fromEntries(sheet.inputs.map((entry) => [entry.element.id, entry.value()]));
  await sheet.at.press(pointer, inputs);
  sheet.at.busy = false;
  node.removeAttribute("aria-busy");
}

// complete tells whether what the button sends can be sent: the inputs of its
// card and of the cards around it that are shown. Else it says what is amiss.
function complete(a, depth, sheet) {
  if (a.associatedInputs?.toLowerCase() === "none") return true;
  const sent = sheet.inputs.filter((entry) => depth.startsWith(entry.depth) && !entry.node.closest("[hidden]"));
  for (const entry of sent) entry.mark(entry.wrong());
  const first = sent.find((entry) => entry.wrong());
  if (!first) return true;
  first.focus();
  first.node.scrollIntoView({ block: "nearest" }); // its label, too
  say(`${first.element.label}: ${first.wrong()}`);
  return false;
}

function toggle(a, sheet) {
  for (const target of a.targetElements) {
    const id = target.elementId ?? target;
    const node = sheet.node.querySelector(`[data-element="${CSS.escape(id)}"]`);
    if (!node) continue;
    node.hidden = target.isVisible === undefined ? !node.hidden : !target.isVisible;
    sheet.at.hidden.set(id, node.hidden);
  }
}

// tap makes an element do an action when it is pressed.
export function tap(node, a, pointer, depth, sheet) {
  if (!a) return node;
  const refused = checked(a, ["Action.Execute", "Action.Submit", "Action.OpenUrl", "Action.ToggleVisibility"], () => null);
  if (refused) return refused;
  const go = () => run(a, `${pointer}/selectAction`, depth, sheet, node);
  for (const [name, value] of Object.entries({ role: a.type === "Action.OpenUrl" ? "link" : "button", tabindex: "0", "aria-label": a.tooltip ?? a.title, "data-focus": `press ${a.id ?? a.title ?? pointer}` })) {
    if (value !== undefined) node.setAttribute(name, value);
  }
  node.classList.add("ac-tap");
  node.addEventListener("click", (event) => { if (event.target.closest("button, a, input, select, textarea, label, .ac-tap") === node) go(); });
  node.addEventListener("keydown", (event) => {
    if (event.target !== node || event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    go();
  });
  return node;
}
