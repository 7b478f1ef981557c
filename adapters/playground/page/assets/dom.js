// Elements without markup in strings: whatever words come, they stay words.

// h makes an element. on… props are listeners, true and false set or leave out
// an attribute, and undefined leaves it out.
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== undefined && value !== false && value !== null) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return node;
}

export const byId = (id) => document.getElementById(id);

// fill replaces what is in a node.
export function fill(node, ...children) {
  node.replaceChildren(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
}

let serial = 0;

// freshId gives an id that no other element has.
export const freshId = (what) => `${what}-${++serial}`;

// say lets a screen reader speak words without moving to them.
export function say(words) {
  const line = h("p", {}, words);
  byId("said").append(line);
  while (byId("said").children.length > 3) byId("said").firstChild.remove();
}
