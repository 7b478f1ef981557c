// Words of a card: the Markdown that Teams knows (bold, italic, links, lists)
// and times, which are written in the zone of who looks.
import { h } from "./dom.js";
import { cardDate, timeOf } from "./time.js";

const moment = /\{\{(DATE|TIME)\(([^,()]+?)(?:, ?(COMPACT|SHORT|LONG))?\)\}\}/;

// dated gives plain words with their times.
export function dated(source) {
  const out = [];
  for (let rest = source ?? ""; rest;) {
    const found = rest.match(moment);
    const at = found && new Date(found[2].trim());
    const before = found ? rest.slice(0, found.index) : rest;
    if (before) out.push(before);
    if (!found) break;
    if (Number.isNaN(at.getTime())) out.push(found[0]); // as the client does
    else out.push(h("time", { datetime: at.toISOString(), title: at.toUTCString() }, found[1] === "TIME" ? timeOf(at) : cardDate(at, found[3])));
    rest = rest.slice(before.length + found[0].length);
  }
  return out;
}

const named = { amp: "&", lt: "<", gt: ">", quot: "\"", apos: "'", nbsp: "\u00a0" };
const reference = (all, name) => (name[0] === "#"
  ? String.fromCodePoint(Math.min(0x10ffff, (/^#x/i.test(name) ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10)) || 0xfffd))
  : named[name] ?? all);
const plain = (words) => dated(words.replace(/&(#x?[0-9a-f]{1,6}|\w{2,8});/gi, reference));

// A mark, or a character that a backslash makes plain.
const token = new RegExp([
  "\\\\(?<plain>[!-/:-@\\[-`{-~])",
  "\\[(?<name>(?:\\\\.|[^\\]\\\\])*)\\]\\((?<to>[^()\\s]*)\\)",
  "\\*\\*(?<bold>(?=\\S)(?:\\\\.|[^\\\\])+?)\\*\\*",
  "(?<!\\w)_(?<line>(?=\\S)(?:\\\\.|[^_\\\\])+)_(?!\\w)",
  "\\*(?<star>(?=\\S)(?:\\\\.|[^*\\\\])+)\\*",
].join("|"), "s");

const web = (address) => /^https?:\/\//.test(address);

function mark({ plain: sign, name, to, bold, line, star }) {
  if (sign !== undefined) return sign;
  if (to !== undefined) return web(to) ? h("a", { href: to, target: "_blank", rel: "noreferrer noopener" }, inline(name)) : inline(name);
  return h(bold === undefined ? "em" : "strong", {}, inline(bold ?? line ?? star));
}

// inline gives the words of one paragraph with their marks.
export function inline(source) {
  const out = [];
  for (let rest = source; rest;) {
    const found = rest.match(token);
    if (found?.index !== 0) out.push(...plain(found ? rest.slice(0, found.index) : rest));
    if (!found) break;
    out.push(...[mark(found.groups)].flat());
    rest = rest.slice(found.index + found[0].length);
  }
  return out;
}

const item = /^\s*(?:([-*+])|\d{1,9}[.)])\s+(.*)$/s;

// markdown gives paragraphs and lists: one node each.
export function markdown(source, props = {}) {
  const out = [];
  for (const line of (source ?? "").split(/\n+|\r/)) {
    const found = line.match(item);
    const tag = found ? (found[1] ? "ul" : "ol") : "p";
    if (!found) out.push(h(tag, props, inline(line)));
    else if (out.at(-1)?.tagName === tag.toUpperCase()) out.at(-1).append(h("li", {}, inline(found[2])));
    else out.push(h(tag, { ...props, class: `${props.class ?? ""} ac-list` }, h("li", {}, inline(found[2]))));
  }
  return out;
}

// teamsText gives the text of a message: what a person has typed is taken as
// it is, and who is mentioned stands out.
export function teamsText(source, typed) {
  return source.split(/(<at>[^<]*<\/at>)/).filter(Boolean).flatMap((part) => {
    const at = part.match(/^<at>([^<]*)<\/at>$/);
    if (at) return h("span", { class: "mention" }, `@${at[1]}`);
    return typed ? part : inline(part);
  });
}
