// A small menu that opens from a button, such as the one of a message.
import { byId, fill, freshId, h } from "./dom.js";

let open = null; // { node, from }

// openMenu lists items, { name, about, run }, under the button from or, where
// there is no room, above it. Escape, Tab and a click elsewhere close it.
export function openMenu(from, label, items) {
  const again = open?.from === from;
  closeMenu(false);
  if (again) return;
  const node = h("div", { class: "menu", role: "menu", "aria-label": label, id: freshId("menu"), onkeydown: keys },
    items.map((item) => h("button", { type: "button", role: "menuitem", tabindex: "-1", onclick: () => { closeMenu(true); item.run(); } },
      h("span", { class: "menu-name" }, item.name), item.about && h("span", { class: "menu-about" }, item.about))));
  byId("slack").append(node);
  place(node, from);
  open = { node, from };
  from.setAttribute("aria-expanded", "true");
  node.querySelector("[role=menuitem]")?.focus({ preventScroll: true });
}

// place puts the menu beside its button, inside the pane.
function place(node, from) {
  const pane = byId("slack").getBoundingClientRect();
  const at = from.getBoundingClientRect();
  const room = 8;
  const left = Math.min(at.left, pane.right - node.offsetWidth - room);
  const below = at.bottom + 4 + node.offsetHeight < pane.bottom - room;
  node.style.left = `${Math.max(left, pane.left + room) - pane.left}px`;
  node.style.top = `${(below ? at.bottom + 4 : at.top - node.offsetHeight - 4) - pane.top}px`;
}

export function closeMenu(back) {
  if (!open) return;
  const { node, from } = open;
  open = null;
  const within = node.contains(document.activeElement);
  node.remove();
  from.setAttribute("aria-expanded", "false");
  if (back && within) from.focus();
}

function keys(event) {
  const all = [...event.currentTarget.querySelectorAll("[role=menuitem]")];
  const at = all.indexOf(document.activeElement);
  const to = { ArrowDown: (at + 1) % all.length, ArrowUp: (at - 1 + all.length) % all.length, Home: 0, End: all.length - 1 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    all[to].focus();
  } else if (event.key === "Escape" || event.key === "Tab") {
    event.stopPropagation();
    if (event.key === "Escape") event.preventDefault();
    closeMenu(true);
  }
}

document.addEventListener("pointerdown", (event) => {
  if (open && !open.node.contains(event.target) && !open.from.contains(event.target)) closeMenu(false);
});
byId("slack").addEventListener("focusout", (event) => {
  if (open && event.relatedTarget && !open.node.contains(event.relatedTarget) && event.relatedTarget !== open.from) closeMenu(false);
});
document.addEventListener("scroll", () => closeMenu(true), true);
addEventListener("resize", () => closeMenu(true));
