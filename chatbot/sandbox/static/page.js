// Owns the page as a whole: what stands where, the tabs of a narrow screen, the pushes from the server.

import { arrows, el } from "./dom.js";
import { lang, shared, t } from "./app.js";
import { Drawer } from "./drawer.js";
import { Group } from "./group.js";
import { Phone } from "./phone.js";
import { Tale } from "./tale.js";

const PANELS = ["telegram", "whatsapp", "group", "beneath"];

const telegram = new Phone({
  name: "telegram",
  marks: "telegram",
  people: [
    { key: "telegram", author: "citizen" },
    { key: "telegram_2", author: "citizen_2" },
  ],
});
const whatsapp = new Phone({ name: "whatsapp", marks: "whatsapp", people: [{ key: "whatsapp", author: "citizen_wa" }] });
const group = new Group({
  name: "group",
  marks: "group",
  people: [
    { key: "officer_1", author: "officer_1" },
    { key: "officer_2", author: "officer_2" },
  ],
});
const drawer = new Drawer();
const tale = new Tale();
const nodes = { telegram: telegram.node, whatsapp: whatsapp.node, group: group.node, beneath: drawer.node };

const tabs = el("div", { class: "tabs", role: "tablist", "aria-label": t("page.phones") });
for (const name of PANELS) {
  tabs.append(
    el(
      "button",
      { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": `panel-${name}`, onclick: () => choose(name) },
      t(`page.tab.${name}`),
    ),
  );
}
arrows(tabs, "button");
tabs.addEventListener("focusin", (event) => {
  if (event.target.role === "tab" && event.target.matches(":focus-visible")) choose(event.target.id.replace("tab-", ""));
});

const toggle = el("button", { type: "button", class: "key toggle", "aria-controls": "panel-beneath" }, t("page.beneath"));
toggle.addEventListener("click", () => open(main.classList.contains("closed")));
const main = el("main", { class: "closed", id: "main" }, PANELS.map((name) => nodes[name]));
const lost = el("p", { class: "gone", role: "alert", hidden: true }, t("page.gone"));

function open(wide) {
  main.classList.toggle("closed", !wide);
  toggle.setAttribute("aria-expanded", String(wide));
}

function choose(name) {
  for (const panel of PANELS) {
    const chosen = panel === name;
    const tab = document.getElementById(`tab-${panel}`);
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    nodes[panel].classList.toggle("chosen", chosen);
  }
  for (const phone of [telegram, whatsapp, group]) phone.settle();
}

// A panel is one only where there are tabs.
const narrow = matchMedia("(max-width: 68.74em)");
function fit() {
  for (const name of PANELS) {
    if (narrow.matches) nodes[name].setAttribute("role", "tabpanel");
    else nodes[name].removeAttribute("role");
  }
}
narrow.addEventListener("change", fit);

function languages(locales) {
  const list = el("nav", { class: "languages", "aria-label": t("page.language") });
  for (const locale of locales) {
    const name = new Intl.DisplayNames([locale], { type: "language" }).of(locale);
    list.append(el("a", { href: `/?lang=${locale}`, lang: locale, "aria-current": locale === lang ? "true" : null }, name));
  }
  return list;
}

const first = await (await fetch("/view")).json();
document.body.append(
  el("a", { class: "skip", href: "#main" }, t("page.skip")),
  el(
    "header",
    { class: "top" },
    el("h1", {}, t("page.heading")),
    el("p", {}, t("page.calm")),
    languages(first.locales),
    toggle,
  ),
  tale.node,
  tabs,
  lost,
  main,
  ...shared(),
);
choose("telegram");
open(false);
fit();

// While the story is told, the phone of whoever acts is the one to look at.
let followed = "";
function follow(view) {
  const deed = view.underneath.deed;
  const sign = JSON.stringify(deed);
  if (!deed || sign === followed || view.story.state !== "playing") return;
  followed = sign;
  const name = deed.author.startsWith("officer") ? "group" : deed.author === "citizen_wa" ? "whatsapp" : "telegram";
  if (name === "group") {
    group.become(deed.author);
    group.reveal(deed.topic);
  }
  if (name === "telegram") telegram.become(deed.author === "citizen" ? "telegram" : "telegram_2");
  if (narrow.matches) choose(name);
}

function show(view) {
  for (const phone of [telegram, whatsapp, group]) phone.update(view.phones);
  follow(view);
  drawer.update(view);
  tale.update(view.story);
}

show(first);
const source = new EventSource("/events");
source.onmessage = (event) => {
  lost.hidden = true;
  show(JSON.parse(event.data));
};
source.onerror = () => (lost.hidden = false);
source.onopen = () => (lost.hidden = true);
addEventListener("pagehide", () => source.close());
