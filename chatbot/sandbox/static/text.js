// Owns formatted text: Telegram's entities and WhatsApp's marks become nodes.

import { el } from "./dom.js";

const TAGS = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "code",
  blockquote: "q",
  spoiler: "span",
};
const LINK = /https?:\/\/[^\s<>]+[^\s<>.,;:!?)]/g;
const MARKS = /(?<![\p{L}\p{N}])([*_~])(?=\S)([^*_~\n]+?)(?<=\S)\1(?![\p{L}\p{N}])|```([^`]+)```/gu;
const MARK_TAGS = { "*": "strong", _: "em", "~": "s" };

function link(text, url) {
  if (!/^https?:\/\//.test(url)) return text;
  return el("a", { href: url, target: "_blank", rel: "noreferrer noopener" }, text);
}

function wrap(entity, children) {
  if (entity.type === "text_link") return link(children, entity.url);
  if (entity.type === "url") return link(children, children.map((child) => child.textContent ?? child).join(""));
  const tag = TAGS[entity.type];
  return tag ? el(tag, {}, children) : children;
}

// Entities nest or follow each other; offsets count UTF-16 units, as strings do here.
function piece(text, entities, from, to) {
  const found = [];
  let at = from;
  while (entities.length && entities[0].offset < to) {
    const entity = entities.shift();
    const end = Math.min(entity.offset + entity.length, to);
    if (entity.offset < at) continue;
    found.push(text.slice(at, entity.offset));
    const inside = [];
    while (entities.length && entities[0].offset < end) inside.push(entities.shift());
    found.push(wrap(entity, piece(text, inside, entity.offset, end)));
    at = end;
  }
  found.push(text.slice(at, to));
  return found.flat().filter((part) => part !== "");
}

export function telegramText(text, entities) {
  const sorted = [...entities].sort((one, two) => one.offset - two.offset || two.length - one.length);
  return piece(text, sorted, 0, text.length);
}

function linked(text) {
  const found = [];
  let at = 0;
  for (const match of text.matchAll(LINK)) {
    found.push(text.slice(at, match.index), link(match[0], match[0]));
    at = match.index + match[0].length;
  }
  found.push(text.slice(at));
  return found.filter((part) => part !== "");
}

export function whatsappText(text) {
  const found = [];
  let at = 0;
  for (const match of text.matchAll(MARKS)) {
    found.push(...linked(text.slice(at, match.index)));
    if (match[3]) found.push(el("code", {}, match[3]));
    else found.push(el(MARK_TAGS[match[1]], {}, ...whatsappText(match[2])));
    at = match.index + match[0].length;
  }
  found.push(...linked(text.slice(at)));
  return found;
}
