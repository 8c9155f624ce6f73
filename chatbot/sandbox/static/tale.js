// Owns the bar of the guided story: which chapter, play, pause, one step, how fast.

import { el, icon } from "./dom.js";
import { act, t } from "./app.js";

const SPEEDS = [0, 1.5, 4];

export class Tale {
  constructor() {
    this.title = el("b", {});
    this.words = el("span", {});
    this.play = el("button", { type: "button", class: "key" });
    this.play.addEventListener("click", () => act({ do: this.state === "playing" ? "pause" : "play" }));
    this.step = el("button", { type: "button", class: "key", onclick: () => act({ do: "step" }) }, icon("step"), t("page.step"));
    this.speed = el("select", { "aria-label": t("page.speed") });
    for (const seconds of SPEEDS) this.speed.append(el("option", { value: seconds }, t(`page.speed.${seconds}`)));
    this.speed.addEventListener("change", () => act({ do: "speed", number: Number(this.speed.value) }));
    this.node = el(
      "section",
      { class: "tale", "aria-label": t("page.story") },
      el("p", { class: "tale-words", "aria-live": "polite" }, this.title, " ", this.words),
      el("div", { class: "tale-keys" }, this.play, this.step, this.speed),
    );
  }

  update(story) {
    const idle = ["idle", "ended", "broken"].includes(story.state);
    if (this.state !== story.state) {
      const word = story.state === "playing" ? "page.pause" : idle ? "page.play" : "page.resume";
      this.play.replaceChildren(icon(story.state === "playing" ? "pause" : "play"), t(word));
      this.state = story.state;
    }
    const title = idle ? t(`page.story.${story.state}`) : t(`chapter.${story.chapter || "question"}`);
    const words = story.state === "broken" ? story.error : idle ? t("page.story_words") : t(`tale.${story.chapter || "question"}`);
    if (this.title.textContent !== title) this.title.textContent = title;
    if (this.words.textContent !== words) this.words.textContent = words;
    if (document.activeElement !== this.speed) this.speed.value = String(story.seconds);
  }
}
