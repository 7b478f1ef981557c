// Words: rich text, Slack's markup, plain text.
import { h } from "./dom.js";
import { get } from "./store.js";
import { slackDate } from "./time.js";

const nameOf = (id) => get("names", {})[id] || id;
const mention = (text) => h("span", { class: "mention" }, text);

function time(seconds, pattern) {
  const at = new Date(seconds * 1000);
  return h("time", { datetime: at.toISOString(), title: at.toUTCString() }, slackDate(seconds, pattern));
}

// Slack draws emoji as pictures, whatever fonts there are; so do we, those that
// the bot uses.
const signs = { "\u2705": "good", "\u26a0\ufe0f": "warning", "\u274c": "bad" };
const sign = new RegExp(`(${Object.keys(signs).join("|")})`);

// emoji gives text with its signs as pictures.
function emoji(words) {
  return words.split(sign).filter(Boolean).map((part) =>
    (signs[part] ? h("img", { class: "emoji", src: `/assets/sign-${signs[part]}.svg`, alt: part, width: 18, height: 18 }) : part));
}

function styled(children, style = {}) {
  for (const [name, tag] of [["code", "code"], ["strike", "s"], ["underline", "u"], ["italic", "em"], ["bold", "strong"]]) {
    if (style[name]) children = [h(tag, {}, children)];
  }
  return children;
}

const web = (address) => /^https?:\/\//.test(address);

function link(address, words) {
  if (!web(address)) return words || address;
  return h("a", { href: address, target: "_blank", rel: "noreferrer noopener" }, words || address);
}

// inline draws the items of a rich text section; refuse is for what is unknown.
function inline(items, refuse) {
  return items.flatMap((item) => {
    switch (item.type) {
      case "text": return styled(emoji(item.text), item.style);
      case "date": return styled([time(item.timestamp, item.format)], item.style);
      case "link": return styled(link(item.url, item.text), item.style);
      case "user": return mention(`@${nameOf(item.user_id)}`);
      case "channel": return mention(`#${nameOf(item.channel_id)}`);
    }
    return refuse(`rich_text › ${item.type}`);
  });
}

// richText draws the elements of a rich_text block.
export function richText(block, refuse) {
  return block.elements.map((part) => {
    switch (part.type) {
      case "rich_text_section": return h("p", { class: "words" }, inline(part.elements, refuse));
      case "rich_text_quote": return h("blockquote", { class: "words" }, inline(part.elements, refuse));
      case "rich_text_preformatted": return h("pre", {}, inline(part.elements, refuse));
      case "rich_text_list":
        return h(part.style === "ordered" ? "ol" : "ul", { class: "words" }, part.elements.map((line) => h("li", {}, inline(line.elements, refuse))));
    }
    return refuse(`rich_text › ${part.type}`);
  });
}

// text draws a text object.
export function text(object, refuse) {
  if (object?.type === "plain_text") return emoji(object.text);
  if (object?.type === "mrkdwn") return mrkdwn(object.text);
  return [refuse(`text › ${object?.type}`)];
}

const plain = (s) => s.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

// angle reads what stands between < and >.
function angle(inner) {
  const [body, label] = inner.split("|", 2);
  const date = body.match(/^!date\^(\d+)\^([^^]+)/);
  if (date) return time(Number(date[1]), date[2]);
  if (body.startsWith("@")) return mention(`@${nameOf(body.slice(1))}`);
  if (body.startsWith("#")) return mention(`#${nameOf(body.slice(1))}`);
  if (body.startsWith("!")) return mention(`@${body.slice(1)}`);
  return link(plain(body), label && plain(label));
}

const marks = { "*": "strong", _: "em", "~": "s", "`": "code" };
const token = /<([^<>\n]+)>|(?<![\w])([*_~`])(?=\S)([^\n]*?\S)\2(?!\w)/;

// mrkdwn draws Slack's markup (docs.slack.dev/messaging/formatting-message-text).
export function mrkdwn(source) {
  const out = [];
  for (let rest = source; rest;) {
    const found = rest.match(token);
    if (!found) {
      out.push(...emoji(plain(rest)));
      break;
    }
    if (found.index) out.push(...emoji(plain(rest.slice(0, found.index))));
    if (found[1]) out.push(angle(found[1]));
    else out.push(h(marks[found[2]], {}, found[2] === "`" ? plain(found[3]) : mrkdwn(found[3])));
    rest = rest.slice(found.index + found[0].length);
  }
  return out;
}
