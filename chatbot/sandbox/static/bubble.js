// Owns how one message looks: its words, what hangs on it, its buttons, its ticks.

import { el, icon } from "./dom.js";
import { size, t, time } from "./app.js";
import { telegramText, whatsappText } from "./text.js";

const TICKS = { sent: "✓", delivered: "✓✓", read: "✓✓", failed: "✗" };

function voice(media) {
  const sound = new Audio(`/file/${media.file}`);
  sound.preload = "none";
  const bar = el("progress", { max: 1, value: 0, "aria-label": t("media.voice") });
  const button = el("button", { type: "button", class: "round", "aria-label": t("page.play_voice") }, icon("play"));
  const show = (name, words) => {
    button.replaceChildren(icon(name));
    button.setAttribute("aria-label", t(words));
  };
  button.addEventListener("click", () => (sound.paused ? sound.play().catch(() => {}) : sound.pause()));
  sound.addEventListener("play", () => show("pause", "page.pause_voice"));
  for (const name of ["pause", "ended"]) sound.addEventListener(name, () => show("play", "page.play_voice"));
  sound.addEventListener("timeupdate", () => (bar.value = sound.duration ? sound.currentTime / sound.duration : 0));
  return el("div", { class: "voice" }, button, bar);
}

function place(media) {
  const at = `${media.latitude.toFixed(5)}, ${media.longitude.toFixed(5)}`;
  return el("div", { class: "place" }, icon("pin"), el("span", {}, el("b", {}, t("media.location")), el("small", {}, at)));
}

function file(media) {
  const name = media.name || t(`media.${media.kind}`);
  return el(
    "a",
    { class: "file", href: `/file/${media.file}`, download: name },
    icon("file"),
    el("span", {}, el("b", {}, name), media.size ? el("small", {}, size(media.size)) : null),
  );
}

function picture(media) {
  const words = t("media.photo");
  return el(
    "a",
    { class: "photo", href: `/file/${media.file}`, target: "_blank" },
    el("img", { src: `/file/${media.small}`, alt: words, loading: "lazy" }),
  );
}

function attachment(media) {
  if (media.kind === "photo") return picture(media);
  if (media.kind === "voice") return voice(media);
  if (media.kind === "location") return place(media);
  return media.file ? file(media) : el("p", { class: "faint" }, t(`media.${media.kind}`));
}

// One message after another of the same album becomes one bubble.
export function grouped(messages) {
  const found = [];
  for (const message of messages) {
    const last = found.at(-1);
    if (message.album && last?.album === message.album) {
      last.album_of.push(message);
      last.text ||= message.text;
    } else {
      found.push({ ...message, album_of: [message] });
    }
  }
  return found;
}

function foot(message, marks) {
  const parts = [];
  if (message.edited) parts.push(el("span", {}, t("page.edited")));
  parts.push(el("time", { datetime: new Date(message.at * 1000).toISOString() }, time(message.at)));
  if (marks === "whatsapp") {
    const words = t(`page.tick.${message.tick}`);
    parts.push(
      el("span", { class: `tick ${message.tick}` }, el("span", { "aria-hidden": "true" }, TICKS[message.tick] ?? "✓"), el("span", { class: "tick-words" }, words)),
    );
  }
  return el("p", { class: "foot" }, parts);
}

function quote(reply) {
  const words = reply.text || (reply.media ? t(`media.${reply.media}`) : "");
  return el("blockquote", {}, el("b", {}, t(`who.${reply.author}`)), el("span", {}, words));
}

// phone: marks, mine(author), press(message, data), list(message), place(), actions(message)
export function bubble(message, phone) {
  if (message.service) return el("li", { class: "service" }, t(`topic.${message.service}`));
  const mine = phone.mine(message.author);
  const item = el("li", { class: `message ${mine ? "mine" : "theirs"}${message.author === "bot" ? " bot" : ""}` });
  const body = el("div", { class: "bubble" });
  body.append(el("p", { class: phone.marks === "group" ? "author" : "unseen" }, t(`who.${message.author}`)));
  if (message.deleted) {
    body.append(el("p", { class: "faint" }, t("page.deleted")), foot(message, "none"));
    item.append(body);
    return item;
  }
  if (message.reply) body.append(quote(message.reply));
  const media = message.album_of.map((one) => one.media).filter((one) => one);
  if (media.length > 1) body.append(el("div", { class: "album" }, media.map(picture)));
  else if (media.length) body.append(attachment(media[0]));
  if (message.text) {
    const nodes = phone.marks === "whatsapp" ? whatsappText(message.text) : telegramText(message.text, message.entities);
    body.append(el("p", { class: "text" }, nodes));
  }
  body.append(foot(message, phone.marks));
  if (message.failure) body.append(el("p", { class: "failure" }, t("page.failed", { why: message.failure })));
  const actions = phone.actions(message);
  if (actions.length) {
    body.append(
      el(
        "button",
        {
          type: "button",
          class: "plain more",
          "data-focus": "more",
          "aria-haspopup": "dialog",
          "aria-label": t("page.actions"),
          onclick: () => phone.menu(t("page.actions"), actions),
        },
        icon("more"),
      ),
    );
  }
  item.append(body, keys(message, phone));
  return item;
}

function keys(message, phone) {
  const box = el("div", { class: "keys" });
  for (const row of message.buttons) {
    const line = el("div", { class: "keys-row" });
    for (const button of row) {
      line.append(
        el(
          "button",
          { type: "button", class: "key", "data-focus": button.data, onclick: () => phone.press(message.id, button.data) },
          button.label,
        ),
      );
    }
    box.append(line);
  }
  if (message.list) {
    const open = () => phone.choose(message.list.label, message.list.rows, (data) => phone.press(message.id, data));
    box.append(
      el(
        "button",
        { type: "button", class: "key", "data-focus": "list", "aria-haspopup": "dialog", onclick: open },
        icon("list"),
        message.list.label,
      ),
    );
  }
  if (message.asks_place) {
    box.append(
      el("button", { type: "button", class: "key", "data-focus": "place", onclick: () => phone.place() }, icon("pin"), t("page.send_place")),
    );
  }
  return box;
}
