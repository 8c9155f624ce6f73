// Owns what every part of the page shares: the words, acting, saying things aloud.

import { el } from "./dom.js";

export const lang = document.documentElement.lang;
const words = await (await fetch(`/words/${lang}`)).json();
const clock = new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const sizes = new Intl.NumberFormat(lang, { maximumFractionDigits: 1 });

export function t(key, values = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export function known(key) {
  return key in words;
}

export function time(seconds) {
  return clock.format(new Date(seconds * 1000));
}

export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${sizes.format(bytes / 1024)} KB` : `${sizes.format(bytes / 1024 / 1024)} MB`;
}

const live = el("div", { class: "unseen", "aria-live": "polite", role: "log" });
const toasts = notes();

// A place where short notes come and go.
export function notes() {
  return el("div", { class: "toasts", role: "status" });
}

export function shared() {
  return [live, toasts];
}

// For those who hear the page.
export function announce(text) {
  live.append(el("p", {}, text));
  while (live.children.length > 20) live.firstChild.remove();
}

export function toast(text, place = toasts) {
  const note = el("p", { class: "toast" }, text);
  place.append(note);
  setTimeout(() => note.remove(), 7000);
}

// Does something on the server; false when it was refused.
export async function act(fields, files = []) {
  let body = JSON.stringify(fields);
  const headers = {};
  if (files.length) {
    const form = new FormData();
    form.append("act", body);
    for (const file of files) form.append("file", file, file.name);
    body = form;
  } else {
    headers["Content-Type"] = "application/json";
  }
  try {
    const answer = await fetch("/act", { method: "POST", headers, body });
    if (answer.ok) return true;
    toast(t(answer.status === 413 ? "page.too_large" : "page.refused"));
  } catch {
    toast(t("page.gone"));
  }
  return false;
}
