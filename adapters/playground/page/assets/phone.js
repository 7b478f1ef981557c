// The caller's phone: the authenticator app; text messages will come.
import { byId, fill, h } from "./dom.js";
import { get, watch } from "./store.js";
import { caller, moved } from "./state.js";
import { now } from "./time.js";

watch(draw, "codes", "world", "clock");
moved(draw);
setInterval(count, 500);

const grouped = (code) => (code.length === 6 ? `${code.slice(0, 3)} ${code.slice(3)}` : code);

function draw() {
  const world = get("world");
  if (!world?.has.phone || !caller()) return;
  const codes = get("codes") ?? [];
  fill(byId("phone"), h("section", { class: "card", "aria-labelledby": "phone-title" },
    h("h3", { id: "phone-title" }, `${caller().name.split(" ")[0]}'s phone`, h("span", { class: "address" }, "Authenticator app")),
    codes.length === 0 && h("p", { class: "none" }, "No accounts in the authenticator app."),
    h("ul", { class: "codes" }, codes.map((c) => h("li", { "data-until": c.until, "data-period": c.period },
      h("span", { class: "label" }, c.label), h("span", { class: "code" }, grouped(c.code)),
      h("span", { class: "left" }, h("progress", { "aria-label": "Time left", max: c.period, value: c.period }), h("span", { class: "seconds" }))))),
    h("p", { class: "sms" }, h("strong", {}, "Text messages"), " join in a later version.")));
  count();
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
