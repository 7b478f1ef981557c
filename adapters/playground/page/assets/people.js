// The switch for who one is, and who is on the phone.
import { byId, fill, h } from "./dom.js";
import { watch } from "./store.js";
import { go, keyOf, me, moved, people, state } from "./state.js";

watch(draw, "world");
moved(mark);

function draw() {
  const legend = byId("people").querySelector("legend");
  fill(byId("people"), legend, people().map((p) => h("label", { title: p.about },
    h("input", { type: "radio", name: "person", value: keyOf(p), onchange: () => become(p) }),
    h("span", {}, h("strong", {}, p.name), h("span", { class: "part" }, p.part)))));
  fill(byId("callers"), people().filter((p) => p.caller).map((p) => h("option", { value: keyOf(p) }, p.name)));
  mark();
}

// become is to be a person; a caller who becomes oneself is on the phone, too.
function become(person) {
  go(person.caller ? { person: keyOf(person), caller: keyOf(person) } : { person: keyOf(person) });
}

function mark() {
  for (const radio of byId("people").querySelectorAll("input")) radio.checked = radio.value === state.person;
  byId("callers").value = state.caller;
  document.title = `${me()?.name ?? ""} · Latchkey playground`;
}

byId("callers").addEventListener("change", () => go({ caller: byId("callers").value }));
