// Owns the sheet that rises inside a phone: a menu, a list to choose from, a window to be closed.

import { arrows, el, icon } from "./dom.js";
import { t } from "./app.js";

let serial = 0;

export class Sheet {
  // What lies behind it cannot be reached while it is open.
  constructor(phone, behind) {
    this.behind = behind;
    this.node = el("div", { class: "sheet", role: "dialog", hidden: true });
    this.node.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.close();
    });
    phone.append(this.node);
  }

  open(title, ...content) {
    this.from = document.activeElement;
    const id = `sheet-${(serial += 1)}`;
    const close = el(
      "button",
      { type: "button", class: "plain", "aria-label": t("page.close"), onclick: () => this.close() },
      icon("close"),
    );
    this.node.replaceChildren(el("div", { class: "sheet-head" }, el("h3", { id }, title), close), ...content);
    this.node.setAttribute("aria-labelledby", id);
    this.node.hidden = false;
    for (const node of this.behind) node.inert = true;
    (content.map((node) => node.querySelector("input, button")).find((node) => node) ?? close).focus();
  }

  close() {
    if (this.node.hidden) return;
    this.node.hidden = true;
    for (const node of this.behind) node.inert = false;
    if (this.from?.isConnected) this.from.focus();
    else this.behind.map((node) => node.querySelector("textarea")).find((node) => node)?.focus();
  }

  // A menu: each item is [icon or nothing, words, what it does].
  menu(title, items) {
    const list = el("div", { class: "menu" });
    for (const [picture, words, does] of items) {
      const item = el("button", { type: "button", class: "item" }, picture ? icon(picture) : null, el("span", {}, words));
      item.addEventListener("click", () => {
        this.close();
        does();
      });
      list.append(item);
    }
    arrows(list, "button");
    this.open(title, list);
  }

  // A list as WhatsApp shows it: one row is chosen, then sent.
  choose(title, rows, does) {
    const group = `rows-${(serial += 1)}`;
    const send = el("button", { type: "submit", class: "main", disabled: true }, t("page.list_send"));
    const form = el(
      "form",
      { class: "choice" },
      el(
        "fieldset",
        {},
        el("legend", { class: "unseen" }, title),
        rows.map((row) =>
          el(
            "label",
            { class: "row" },
            el("span", {}, el("b", {}, row.label), row.description ? el("small", {}, row.description) : null),
            el("input", { type: "radio", name: group, value: row.data, onchange: () => (send.disabled = false) }),
          ),
        ),
      ),
      send,
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const chosen = form.querySelector("input:checked");
      if (!chosen) return;
      this.close();
      does(chosen.value);
    });
    this.open(title, form);
  }

  alert(text) {
    const ok = el("button", { type: "button", class: "main", onclick: () => this.close() }, t("page.close"));
    this.open(t("kind.answer"), el("div", { class: "alert" }, el("p", {}, text), ok));
  }
}
