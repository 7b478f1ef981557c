// The sign-in box: what happens when the caller tries a password.
import { byId, fill, h } from "./dom.js";
import { post } from "./link.js";
import { get, watch } from "./store.js";
import { caller, moved, state } from "./state.js";
import { timeWithSeconds } from "./time.js";

const words = {
  welcome: ["Welcome", "is signed in."],
  wrong: ["Wrong login or password", "is not signed in."],
  locked: ["Locked", "cannot sign in, whatever the password."],
  refused: ["Refused", "cannot sign in."],
};

const earlier = 2; // tries that are listed below the last one

let trouble = "";
let before = null; // while a try is under way: when the one before it was made
let made = false;

watch(draw, "world", "signins");
moved((before) => { if (before.caller !== state.caller) prefill(); });

function draw() {
  const world = get("world");
  if (!world?.has.directory) return;
  if (!made) make(world);
  tries();
}

function make(world) {
  made = true;
  fill(byId("signin"), h("section", { class: "card", "aria-labelledby": "signin-title" },
    h("h3", { id: "signin-title" }, "Sign in at the computer"),
    h("form", { id: "signin-form", autocomplete: "off", onsubmit: attempt },
      h("label", {}, "Directory", h("select", { id: "store", onchange: prefill }, (world.stores ?? []).map((s) => h("option", {}, s)))),
      h("label", {}, "Login", h("input", { id: "login", type: "text", spellcheck: "false", autocapitalize: "off", required: true })),
      h("label", {}, "Password", h("input", { id: "password", type: "password", autocomplete: "off", required: true })),
      h("button", { type: "submit", class: "button primary" }, "Sign in")),
    h("p", { class: "right", id: "right" }),
    h("div", { id: "verdict", role: "status" }),
    h("ol", { class: "tries", id: "tries", "aria-label": "Earlier tries" })));
  prefill();
}

// prefill puts the caller's login in, and says the right password.
function prefill() {
  if (!made || !caller()) return;
  const who = caller();
  byId("login").value = who.logins?.[byId("store").value] ?? "";
  byId("password").value = "";
  fill(byId("right"), who.password && [`${who.name.split(" ")[0]}'s right password: `, h("code", {}, who.password), " ",
    h("button", { type: "button", class: "link", onclick: () => { byId("password").value = who.password; } }, "Fill in")]);
  tries();
}

async function attempt(event) {
  event.preventDefault();
  const button = event.currentTarget.querySelector("[type=submit]");
  button.setAttribute("aria-busy", "true");
  before = newest();
  trouble = "";
  tries(); // the verdict on the one before is not the answer to this one
  trouble = await post("signin", { store: byId("store").value, login: byId("login").value.trim(), password: byId("password").value });
  button.removeAttribute("aria-busy");
  if (trouble) before = null;
  tries();
}

function newest() {
  return get("signins")?.at(-1)?.at ?? "";
}

function tries() {
  if (!made) return;
  const all = get("signins") ?? [];
  const last = all.at(-1);
  if (before !== newest()) before = null; // the verdict has come
  if (before !== null) fill(byId("verdict"));
  else if (trouble) fill(byId("verdict"), h("p", { class: "verdict" }, h("strong", {}, "No answer. "), trouble));
  else if (last) fill(byId("verdict"), verdict(last, all));
  fill(byId("tries"), all.slice(0, trouble || before !== null ? undefined : -1).slice(-earlier).reverse().map((t) => h("li", {},
    h("time", {}, timeWithSeconds(Date.parse(t.at))), ` ${t.login} in ${t.store}: `, h("strong", {}, (words[t.result] ?? words.refused)[0].split(" ")[0]))));
}

function verdict(last, all) {
  const [short, long] = words[last.result] ?? words.refused;
  const running = all.slice().reverse().findIndex((t) => t.result !== last.result || t.login !== last.login || t.store !== last.store);
  const times = running < 0 ? all.length : running;
  return h("div", { class: `verdict ${last.result}` },
    h("p", {}, h("strong", {}, `${short}. `), `${last.login} in ${last.store} ${long}`, times > 1 && last.result !== "welcome" ? ` (${times} times in a row)` : ""),
    last.word && last.result !== "welcome" && h("p", { class: "word" }, "The directory says: ", h("code", {}, last.word)));
}
