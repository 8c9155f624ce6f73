// Owns one phone: its head, its messages, what is written and attached; on Telegram and on WhatsApp alike.

import { el, icon, reconcile } from "./dom.js";
import { act, announce, notes, t, toast } from "./app.js";
import { bubble, grouped } from "./bubble.js";
import { Sheet } from "./sheet.js";

const NEAR = 80; // pixels from the end within which one is still "at the end"
const SAMPLES = ["photo", "album", "voice", "document"];

export class Phone {
  // options: name, marks ("telegram", "whatsapp", "group"), people: [{key, author}] of whom one holds it
  constructor(options) {
    Object.assign(this, options);
    this.who = this.people[0];
    this.topic = 0;
    this.heard = null;
    this.noticed = null;
    this.build();
  }

  build() {
    this.title = el("h2", { id: `title-${this.name}` }, t(`page.phone.${this.name}`));
    this.subtitle = el("p", { class: "subtitle" });
    this.lead = el("div", { class: "lead" });
    this.head = el("header", { class: "phone-head" }, this.lead, el("div", { class: "titles" }, this.title, this.subtitle), this.switcher());
    this.log = el("ol", { class: "log", tabindex: 0, "aria-label": t("page.messages") });
    this.atEnd = true;
    this.top = 0;
    this.log.addEventListener("scroll", () => {
      // Only going up leaves the end: what grows below does not.
      if (!this.log.clientHeight) return;
      const near = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR;
      if (near) this.atEnd = true;
      else if (this.log.scrollTop < this.top) this.atEnd = false;
      this.top = this.log.scrollTop;
      this.newest.hidden = this.atEnd;
    });
    this.log.addEventListener("load", () => this.settle(), true);
    new ResizeObserver(() => this.settle()).observe(this.log);
    this.empty = el("p", { class: "empty" }, t(`page.empty.${this.name}`));
    this.newest = el(
      "button",
      { type: "button", class: "newest", "aria-label": t("page.newest"), hidden: true, onclick: () => this.toEnd(true) },
      icon("down"),
    );
    this.banner = el("div", { class: "banner", hidden: true });
    this.keyboard = el("div", { class: "keyboard", hidden: true });
    this.room = el("div", { class: "room" }, this.log, this.empty, this.banner, this.keyboard, this.composer());
    this.node = el(
      "section",
      { class: `phone ${this.marks}`, id: `panel-${this.name}`, "aria-labelledby": `title-${this.name}` },
      this.head,
      this.room,
    );
    this.sheet = new Sheet(this.node, [this.head, this.room]);
  }

  switcher() {
    if (this.people.length < 2) return null;
    const select = el("select", { "aria-label": t("page.as") });
    for (const person of this.people) select.append(el("option", { value: person.key }, t(`who.${person.author}`)));
    select.addEventListener("change", () => this.become(select.value));
    this.select = select;
    return el("label", { class: "switch" }, el("span", { class: "unseen" }, t("page.as")), select);
  }

  // Another person takes the phone.
  become(key) {
    if (this.who.key === key) return;
    this.who = this.people.find((person) => person.key === key);
    this.select.value = key;
    this.stop();
    this.log.replaceChildren();
    this.heard = null;
    this.atEnd = true;
    this.show();
  }

  composer() {
    this.about = el("div", { class: "about", hidden: true });
    this.input = el("textarea", { rows: 1, maxlength: 4096, "aria-label": t("page.write"), placeholder: t("page.write") });
    this.picker = el("input", { type: "file", multiple: true, hidden: true });
    this.picker.addEventListener("change", () => this.attachFiles());
    const attach = el(
      "button",
      { type: "button", class: "plain", "aria-label": t("page.attach"), "aria-haspopup": "dialog", onclick: () => this.attachMenu() },
      icon("attach"),
    );
    const commands = el(
      "button",
      { type: "button", class: "plain", "aria-label": t("page.commands"), "aria-haspopup": "dialog", onclick: () => this.commandMenu() },
      icon("slash"),
    );
    const send = el("button", { type: "submit", class: "send", "aria-label": t("page.send") }, icon("send"));
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.form.requestSubmit();
      } else if (event.key === "Escape") {
        this.stop();
      }
    });
    this.input.addEventListener("input", () => this.grow());
    this.form = el("form", { class: "composer" }, attach, this.marks === "group" ? commands : null, this.input, this.picker, send);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.notes = notes();
    return el("div", { class: "write" }, this.newest, this.notes, this.about, this.form);
  }

  grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 160)}px`;
  }

  // What one does

  spot() {
    const fields = { phone: this.who.key, topic: this.topic };
    if (this.replying) fields.reply_to = this.replying.id;
    return fields;
  }

  async send() {
    const text = this.input.value.trim();
    if (!text) return;
    if (!this.editing) this.toEnd();
    const fields = this.editing
      ? { do: "edit", phone: this.who.key, message: this.editing.id, text }
      : { do: "say", ...this.spot(), text };
    this.input.value = "";
    this.stop();
    if (!(await act(fields))) {
      this.input.value ||= text;
      this.grow();
    }
  }

  caption() {
    this.toEnd();
    const text = this.input.value.trim();
    this.input.value = "";
    return text;
  }

  async attachFiles() {
    const files = [...this.picker.files];
    this.picker.value = "";
    if (!files.length) return;
    await act({ do: "files", ...this.spot(), text: this.caption() }, files);
    this.stop();
  }

  attachMenu() {
    const sample = async (name) => {
      await act({ do: "sample", data: name, ...this.spot(), text: this.caption() });
      this.stop();
    };
    const pictures = { photo: "photo", album: "album", voice: "voice", document: "file" };
    const items = SAMPLES.map((name) => [pictures[name], t(`page.sample.${name}`), () => sample(name)]);
    items.push(["pin", t("page.sample.location"), () => this.place()]);
    items.push(["device", t("page.sample.own"), () => this.picker.click()]);
    this.sheet.menu(t("page.attach"), items);
  }

  commandMenu() {
    const items = t("page.commands_list")
      .split("\n")
      .map((line) => line.split(" · "))
      .map(([command, meaning]) => [
        null,
        `${command} — ${meaning}`,
        () => {
          this.input.value = `${command} `;
          this.input.focus();
        },
      ]);
    this.sheet.menu(t("page.commands"), items);
  }

  press(message, data) {
    act({ do: "press", phone: this.who.key, message, data });
  }

  place() {
    this.toEnd();
    act({ do: "location", ...this.spot() });
    this.stop();
  }

  menu(title, items) {
    this.sheet.menu(title, items);
  }

  choose(title, rows, does) {
    this.sheet.choose(title, rows, does);
  }

  mine(author) {
    return author === this.who.author;
  }

  actions(message) {
    const found = [["reply", t("page.reply"), () => this.begin("replying", message)]];
    if (this.mine(message.author) && message.editable !== false) {
      if (message.text && (!message.media || this.marks !== "whatsapp")) {
        found.push(["edit", t("page.edit"), () => this.begin("editing", message)]);
      }
      found.push(["trash", t("page.delete"), () => this.remove(message)]);
    }
    return found;
  }

  async remove(message) {
    if ((await act({ do: "delete", phone: this.who.key, message: message.id })) && this.marks !== "whatsapp") {
      toast(t("page.hint_delete"), this.notes);
    }
  }

  begin(what, message) {
    this.stop();
    this[what] = message;
    const words = message.text || (message.media ? t(`media.${message.media.kind}`) : "");
    const cancel = el("button", { type: "button", class: "plain", "aria-label": t("page.cancel"), onclick: () => this.stop() }, icon("close"));
    this.about.replaceChildren(el("p", {}, el("b", {}, t(what === "editing" ? "page.editing" : "page.replying")), el("span", {}, words)), cancel);
    this.about.hidden = false;
    if (what === "editing") this.input.value = message.text;
    this.grow();
    this.input.focus();
  }

  stop() {
    if (this.editing) this.input.value = "";
    this.editing = this.replying = null;
    this.about.hidden = true;
    this.grow();
  }

  // What one sees

  update(phones) {
    this.phones = phones;
    this.show();
  }

  data() {
    return this.phones[this.who.key];
  }

  visible(data) {
    return data.messages;
  }

  show() {
    const data = this.data();
    const messages = this.visible(data);
    reconcile(this.log, grouped(messages), (message) => message.id, (message) => bubble(message, this));
    this.empty.hidden = messages.length > 0;
    this.subtitle.textContent = data.typing ? t("page.typing") : this.standing(data);
    this.subtitle.classList.toggle("typing", data.typing);
    this.showKeyboard(data.keyboard ?? []);
    this.showBanner(data);
    this.tell(data);
    this.settle();
  }

  // Whoever was at the end stays there.
  settle() {
    if (this.atEnd) this.log.scrollTop = this.log.scrollHeight;
    this.newest.hidden = this.atEnd;
  }

  // Whoever says something, or asks for it, sees the latest words.
  toEnd(asked = false) {
    this.atEnd = true;
    this.settle();
    if (asked) this.input.focus();
  }

  standing() {
    return t("who.bot");
  }

  showKeyboard(rows) {
    this.keyboard.hidden = rows.length === 0;
    const keys = rows.flat().map((key) => ({ ...key, id: key.label }));
    reconcile(this.keyboard, keys, (key) => key.id, (key) =>
      el(
        "button",
        { type: "button", class: "key", onclick: () => (key.location ? this.place() : act({ do: "say", ...this.spot(), text: key.label })) },
        key.location ? icon("pin") : null,
        key.label,
      ),
    );
  }

  showBanner(data) {
    const words = data.blocked ? "page.blocked" : data.window === false && data.messages.length ? "page.window_over" : "";
    this.banner.hidden = !words;
    if (words && this.banner.dataset.words !== words) this.banner.replaceChildren(el("p", {}, t(words)));
    this.banner.dataset.words = words;
  }

  // New words of others are said aloud; the bot's answers to presses come as notes.
  tell(data) {
    const last = data.messages.at(-1)?.id ?? "";
    if (this.heard !== null) {
      const at = data.messages.findIndex((message) => message.id === this.heard);
      for (const message of data.messages.slice(at + 1)) {
        if (!this.mine(message.author) && !message.service) {
          const what = message.text || (message.media ? t(`media.${message.media.kind}`) : "");
          announce(`${t(`page.phone.${this.name}`)}, ${t(`who.${message.author}`)}: ${what}`);
        }
      }
    }
    this.heard = last;
    const notice = data.notice ?? null;
    if (notice && this.noticed !== null && notice.id !== this.noticed) {
      if (notice.alert) this.sheet.alert(notice.text);
      else toast(notice.text, this.notes);
    }
    this.noticed = notice?.id ?? "";
  }
}
