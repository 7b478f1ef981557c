// The caller's phone: the authenticator app, and text messages.
import { byId, fill, h, say } from "./dom.js";
import { post } from "./link.js";
import { get, watch } from "./store.js";
import { caller, moved } from "./state.js";
import { now, timeWithSeconds } from "./time.js";

let whose = ""; // whose phone is drawn
let seen = null; // { who, count } of the messages

watch(draw, "codes", "texts", "world", "clock", "caller");
moved(draw);
setInterval(count, 500);

const grouped = (code) => (code.length === 6 ? `${code.slice(0, 3)} ${code.slice(3)}` : code);

function draw() {
  const world = get("world");
  if (!(world?.has.phone || world?.has.texts) || !caller()) return;
  if (whose !== get("caller")) make(world, caller());
  if (world.has.phone) codes();
  if (world.has.texts && get("caller") === (caller().id || caller().email)) messages();
}

// make draws what stays, so that what is open stays open when a code changes.
function make(world, who) {
  whose = get("caller");
  fill(byId("phone"), h("section", { class: "card", "aria-labelledby": "phone-title" },
    h("h3", { id: "phone-title" }, `${who.name.split(" ")[0]}'s phone`, h("span", { class: "address" }, who.mobile)),
    world.has.phone && h("h4", {}, "Authenticator app"),
    world.has.phone && h("ul", { class: "codes", id: "codes" }),
    world.has.scan && adding(who),
    world.has.texts && h("h4", {}, "Text messages"),
    world.has.texts && h("ol", { class: "texts", id: "texts", "aria-label": "Text messages", reversed: true }),
    world.has.texts && world.gateway?.url && howto(world.gateway, who)));
}

function howto(gateway, who) {
  return h("details", { class: "howto" }, h("summary", {}, "Send one yourself"),
    h("p", {}, "The demo's gateway takes them as Twilio does:"),
    h("pre", {}, h("code", { id: "gateway" },
      `curl -u ${gateway.account}:${gateway.token} \\\n  ${gateway.url} \\\n  --data-urlencode To=${who.mobile} \\\n  --data-urlencode From=${gateway.from} \\\n  -d Body=Hello`)));
}

// adding takes an account into the app: by the address of the page with the QR
// code, by the key on it, or by a picture, which may be pasted.
function adding(who) {
  const text = h("input", { type: "text", id: "scan-text", spellcheck: "false", autocapitalize: "off", autocomplete: "off" });
  const file = h("input", { type: "file", id: "scan-file", accept: "image/png,image/jpeg", onchange: () => { if (file.files[0]) scan({ picture: file.files[0] }); } });
  const status = h("p", { class: "hint", role: "status" });
  const scan = async (what) => {
    fill(status, "Scanning …");
    const wrong = await post("scan", { person: who.id || who.email, ...(what.picture ? { picture: await base64(what.picture) } : what) });
    fill(status, h("span", { class: wrong ? "fault" : "" }, wrong || "Added. Its digits are above."));
    file.value = "";
    if (!wrong) text.value = "";
  };
  const pasted = (event) => {
    const picture = [...event.clipboardData.files].find((f) => f.type.startsWith("image/"));
    if (!picture) return;
    event.preventDefault();
    scan({ picture });
  };
  return h("details", { class: "howto adding" }, h("summary", {}, "Add account by QR code"),
    h("form", { autocomplete: "off", onpaste: pasted, onsubmit: (event) => { event.preventDefault(); if (text.value.trim()) scan({ text: text.value }); } },
      h("label", { for: "scan-text" }, "Address of the page with the code, or the key on it"),
      h("div", { class: "row-add" }, text, h("button", { type: "submit", class: "button" }, "Add")),
      h("label", { for: "scan-file" }, "Or a picture of the code; a screenshot can be pasted here"), file, status));
}

// base64 gives what is in a file, as JSON can carry it.
const base64 = (file) => new Promise((done, failed) => {
  const reader = new FileReader();
  reader.onload = () => done(reader.result.slice(reader.result.indexOf(",") + 1));
  reader.onerror = failed;
  reader.readAsDataURL(file);
});

function codes() {
  const all = get("codes") ?? [];
  fill(byId("codes"), all.length === 0 && h("li", { class: "none" }, "No accounts."),
    all.map((c) => h("li", { "data-until": c.until, "data-period": c.period },
      h("span", { class: "label" }, c.label), h("span", { class: "code" }, grouped(c.code)),
      h("span", { class: "left" }, h("progress", { "aria-label": "Time left", max: c.period, value: c.period }), h("span", { class: "seconds" })))));
  count();
}

function messages() {
  const all = get("texts") ?? [];
  const who = get("caller");
  if (seen?.who === who && all.length > seen.count) {
    say(`Text message for ${caller().name}: ${all.at(-1).text}`);
    if (document.body.dataset.pane !== "caller") document.querySelector("#panes [data-to=caller]").dataset.news = "text";
  }
  seen = { who, count: all.length };
  fill(byId("texts"), all.length === 0 && h("li", { class: "none" }, "None. Codes by text message come here."),
    all.toReversed().map((m) => h("li", {},
      h("p", { class: "from" }, m.from ? `From ${m.from}` : "From the gateway", h("time", { datetime: m.at }, timeWithSeconds(Date.parse(m.at)))),
      h("p", { class: "words" }, m.text))));
}

// count moves the countdowns.
function count() {
  for (const line of byId("phone").querySelectorAll("[data-until]")) {
    const left = Math.max(0, Number(line.dataset.until) - now());
    line.querySelector("progress").value = left;
    const words = `${Math.ceil(left / 1000)} s`;
    const seconds = line.querySelector(".seconds");
    if (seconds.textContent !== words) seconds.textContent = words;
    line.classList.toggle("soon", left < 6000);
  }
}
