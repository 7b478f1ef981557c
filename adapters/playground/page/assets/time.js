// Times as Slack and Teams show them: in the zone of who looks, counted from the
// playground's clock.
import { get } from "./store.js";

// now is the playground's time, in milliseconds.
export const now = () => Date.now() + 1000 * (get("clock")?.ahead ?? 0);

const format = (options) => new Intl.DateTimeFormat("en", options);
const clock = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const clockSeconds = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit", second: "2-digit" });
const day = format({ dateStyle: "short" });

export const timeOf = (ms) => clock.format(ms);
export const timeWithSeconds = (ms) => clockSeconds.format(ms);

// near says today, yesterday and tomorrow, or "".
function near(ms) {
  for (const [word, shift] of [["today", 0], ["yesterday", -1], ["tomorrow", 1]]) {
    const then = new Date(now());
    then.setDate(then.getDate() + shift);
    if (day.format(then) === day.format(ms)) return word;
  }
  return "";
}

// slackDate fills Slack's date tokens
// (docs.slack.dev/messaging/formatting-message-text, "date formatting").
export function slackDate(seconds, pattern) {
  const ms = seconds * 1000;
  const at = new Date(ms);
  const pad = (n) => String(n).padStart(2, "0");
  const plain = format({ month: "long", day: "numeric" }).format(ms);
  const short = format({ month: "short", day: "numeric", year: "numeric" }).format(ms);
  const long = format({ weekday: "long", month: "long", day: "numeric", year: "numeric" }).format(ms);
  const tokens = {
    date_num: `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`,
    date_slash: `${pad(at.getMonth() + 1)}/${pad(at.getDate())}/${at.getFullYear()}`,
    date: plain, date_pretty: near(ms) || plain,
    date_short: short, date_short_pretty: near(ms) || short,
    date_long: long, date_long_pretty: near(ms) || long,
    time: clock.format(ms), time_secs: clockSeconds.format(ms),
  };
  return pattern.replace(/\{(\w+)\}/g, (all, name) => tokens[name] ?? all);
}

// cardDate writes a day as Teams writes it in a card (COMPACT, SHORT, LONG).
export function cardDate(ms, length = "COMPACT") {
  const options = {
    COMPACT: { month: "numeric", day: "numeric", year: "numeric" },
    SHORT: { weekday: "short", month: "short", day: "numeric", year: "numeric" },
    LONG: { weekday: "long", month: "long", day: "numeric", year: "numeric" },
  };
  return format(options[length]).format(ms);
}
