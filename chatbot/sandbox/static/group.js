// Owns the officers' phone: the list of topics, and one of them opened.

import { arrows, el, icon, reconcile } from "./dom.js";
import { t } from "./app.js";
import { Phone } from "./phone.js";

const TOPIC = /^https:\/\/t\.me\/c\/\d+\/(\d+)$/;

export class Group extends Phone {
  build() {
    super.build();
    this.seen = new Map();
    this.isOpen = false;
    this.topics = el("ul", { class: "topics" });
    arrows(this.topics, "button");
    this.none = el("p", { class: "faint" }, t("page.no_topics"));
    this.hall = el("nav", { class: "hall", "aria-label": t("page.topics") }, this.topics, this.none);
    this.node.insertBefore(this.hall, this.room);
    this.sheet.behind.push(this.hall);
    this.back = el(
      "button",
      { type: "button", class: "plain", "aria-label": t("page.back"), onclick: () => this.leave() },
      icon("back"),
    );
    this.lead.append(this.back);
    this.log.addEventListener("click", (event) => this.follow(event));
    this.room.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && event.target !== this.input) this.leave();
    });
  }

  data() {
    return this.phones.group;
  }

  visible(data) {
    return data.messages.filter((message) => message.topic === this.topic);
  }

  enter(thread) {
    this.reveal(thread);
    this.input.focus();
  }

  // Opens a topic and leaves the focus where it is.
  reveal(thread) {
    if (this.isOpen && this.topic === thread) return;
    this.stop();
    this.topic = thread;
    this.isOpen = true;
    this.log.replaceChildren();
    this.atEnd = true;
    this.show();
  }

  // A link to a topic leads there, as it does in Telegram, and not out of this page.
  follow(event) {
    const found = event.target.closest("a")?.href.match(TOPIC);
    const topic = found && this.data().topics.find((one) => one.thread === Number(found[1]));
    if (!topic) return;
    event.preventDefault();
    if (!topic.deleted) this.enter(topic.thread);
  }

  leave() {
    this.isOpen = false;
    this.stop();
    this.show();
    (this.topics.querySelector(`[data-focus="${this.topic}"]`) ?? this.topics.querySelector("button"))?.focus();
  }

  name_of(topic) {
    return topic.thread === 0 ? t("page.general") : topic.name;
  }

  standing(data) {
    if (!this.isOpen) return t("page.with.group");
    const topic = data.topics.find((one) => one.thread === this.topic);
    const words = this.name_of(topic);
    return topic.closed ? `${words} · ${t("page.topic_closed")}` : words;
  }

  show() {
    const data = this.data();
    const here = data.topics.find((one) => one.thread === this.topic);
    if (here.deleted) this.isOpen = false;
    this.hall.hidden = this.isOpen;
    this.room.hidden = !this.isOpen;
    this.back.hidden = !this.isOpen;
    const rows = data.topics.map((topic) => {
      const all = data.messages.filter((message) => message.topic === topic.thread && !message.deleted);
      const last = all.at(-1);
      if (this.isOpen && topic.thread === this.topic) this.seen.set(topic.thread, last?.id);
      return {
        ...topic,
        words: (last?.text ?? "").split("\n")[0].slice(0, 80),
        at: Number(last?.id ?? 0),
        unread: last !== undefined && this.seen.get(topic.thread) !== last.id,
      };
    });
    // General stays on top, then the liveliest.
    rows.sort((one, two) => (one.thread === 0 ? -1 : two.thread === 0 ? 1 : two.at - one.at));
    reconcile(this.topics, rows, (row) => row.thread, (row) => this.row(row));
    this.none.hidden = rows.length > 1;
    super.show();
  }

  row(topic) {
    const marks = [];
    if (topic.deleted) marks.push(el("span", { class: "mark" }, t("page.topic_deleted")));
    else if (topic.closed) marks.push(el("span", { class: "mark" }, t("page.topic_closed")));
    if (topic.unread && !topic.deleted) marks.push(el("span", { class: "dot" }, el("span", { class: "unseen" }, t("page.unread"))));
    const button = el(
      "button",
      { type: "button", class: "topic", "data-focus": topic.thread, disabled: topic.deleted, onclick: () => this.enter(topic.thread) },
      el("span", { class: "topic-words" }, el("b", {}, this.name_of(topic)), el("small", {}, topic.words)),
      ...marks,
    );
    return el("li", {}, button);
  }
}
