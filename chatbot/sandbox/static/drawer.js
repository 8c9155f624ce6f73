// Owns the drawer: what happened underneath for the latest message, what may be broken, and that nothing is lost.

import { el, reconcile } from "./dom.js";
import { act, known, t } from "./app.js";

const CALLS = 5; // that one press lets fail
const COLUMNS = {
  inbound: ["channel", "kind", "state", "outcome"],
  outbound: ["task", "purpose", "state", "attempts", "receipt"],
  ticket: ["number", "status", "category", "identity"],
  ticket_event: ["ticket_id", "event"],
  media: ["mime", "size", "state"],
  record: ["fact", "detail"],
};

const SPOKEN = new Set(["kind", "state", "outcome", "task", "purpose", "receipt", "status", "identity", "event"]);

function cell(name, value) {
  const key = `page.value.${value}`;
  return SPOKEN.has(name) && known(key) ? t(key) : String(value ?? "");
}

function table(caption, columns, rows) {
  const head = el("tr", {}, columns.map((name) => el("th", { scope: "col" }, t(`page.column.${name}`))));
  const body = rows.map((row) => el("tr", { class: row.bad ? "bad" : "" }, columns.map((name) => el("td", {}, cell(name, row[name])))));
  return el("div", { class: "table", tabindex: 0, role: "group", "aria-label": caption }, el("table", {}, el("caption", {}, caption), el("thead", {}, head), el("tbody", {}, body)));
}

function part(name, ...content) {
  return el("section", { class: "part" }, el("h3", {}, t(`page.part.${name}`)), el("p", { class: "why" }, t(`page.why.${name}`)), ...content);
}

function facts(pairs) {
  return el("dl", {}, pairs.flatMap(([name, value]) => [el("dt", {}, t(`page.fact.${name}`)), el("dd", {}, value)]));
}

function deed(under) {
  if (!under.deed) return el("p", { class: "faint" }, t("page.nothing_yet"));
  const what = under.deed.text || t(`media.${under.deed.attachment}`);
  const kind = under.deed.kind === "message" ? "" : ` (${t(`kind.${under.deed.kind}`)})`;
  return el("blockquote", {}, el("b", {}, `${t(`who.${under.deed.author}`)}${kind}`), el("span", {}, what));
}

function percent(share) {
  // Nothing is quite sure.
  return `${share < 1 ? Math.min(99, Math.round(share * 100)) : 100}\u00a0%`;
}

function understood(under) {
  const found = under.understood;
  if (!found) return part("understood", el("p", { class: "faint" }, t(under.asking ? "page.asking" : "page.not_understood")));
  const decision = known(`page.decision.${found.decision}`) ? t(`page.decision.${found.decision}`) : found.decision;
  const rows = found.candidates.map((one) => ({ ...one, confidence: percent(one.confidence) }));
  const pairs = [
    ["normalised", found.normalised],
    ["locale", found.locale],
    ["decision", `${decision} · ${percent(found.confidence)}`],
  ];
  if (found.unknown?.length) pairs.push(["unknown", found.unknown.join(", ")]);
  if (found.sure) pairs.push(["sure", t("page.sure_from", { sure: percent(found.sure), likely: percent(found.likely) })]);
  return part(
    "understood",
    facts(pairs),
    rows.length ? table(t("page.candidates"), ["question", "confidence"], rows) : null,
    found.why?.length ? el("ul", { class: "reasons" }, found.why.map((line) => el("li", {}, String(line)))) : null,
  );
}

function written(under) {
  const tables = Object.entries(COLUMNS)
    .filter(([name]) => under.rows[name]?.length)
    .map(([name, columns]) => table(t(`page.table.${name}`), columns, under.rows[name].map((row) => ({ ...row, bad: row.state === "dead" }))));
  const step = under.step ? el("p", { class: "step" }, t("page.step_now", { step: t(`page.form.${under.step}`) })) : null;
  return part("written", step, ...(tables.length ? tables : [el("p", { class: "faint" }, t("page.no_rows"))]));
}

function called(under) {
  const rows = under.calls.map((call) => ({
    ...call,
    place: call.place ? t(`place.${call.place}`) : "",
    answer: call.status || t("page.cut"),
    bad: call.status === 0 || call.status >= 400,
  }));
  const shown = rows.length
    ? table(t("page.calls"), ["ms", "method", "place", "answer"], rows)
    : el("p", { class: "faint" }, t("page.no_calls"));
  return part("called", shown);
}

export class Drawer {
  constructor() {
    this.proof = el("dl", { class: "proof" });
    this.parts = el("div", { class: "parts" });
    this.switches = el("div", { class: "switches" });
    this.node = el(
      "section",
      { class: "drawer", id: "panel-beneath", "aria-labelledby": "title-beneath" },
      el("header", {}, el("h2", { id: "title-beneath" }, t("page.beneath"))),
      el(
        "div",
        { class: "drawer-body" },
        el("section", { class: "part" }, el("h3", {}, t("page.part.proof")), el("p", { class: "why" }, t("page.why.proof")), this.proof),
        this.parts,
        el("section", { class: "part" }, el("h3", {}, t("page.part.switches")), el("p", { class: "why" }, t("page.why.switches")), this.switches),
      ),
    );
  }

  update(view) {
    const proof = view.underneath.proof;
    const names = ["sent", "waiting", "stored", "handled", "answered", "lost"];
    reconcile(this.proof, names.map((name) => ({ name, value: proof[name] })), (one) => one.name, (one) =>
      el("div", { class: `count ${one.name}` }, el("dt", {}, t(`page.proof.${one.name}`)), el("dd", {}, String(one.value))),
    );
    const under = view.underneath;
    const pieces = [
      { name: "deed", data: under.deed, build: () => el("section", { class: "part" }, el("h3", {}, t("page.part.deed")), deed(under)) },
      { name: "understood", data: [under.deed, under.understood, under.asking], build: () => understood(under) },
      { name: "written", data: [under.rows, under.step], build: () => written(under) },
      { name: "called", data: under.calls, build: () => called(under) },
    ];
    reconcile(this.parts, pieces, (piece) => piece.name, (piece) => piece.build());
    reconcile(this.switches, this.rows(view.switches), (row) => row.name, (row) => this.row(row));
  }

  rows(state) {
    const row = (name, standing, does, values = {}) => ({ name, standing, does, values, disabled: false });
    const left = (count) => (count ? t("page.left", { count }) : t("page.whole"));
    const bot = row(state.bot === "dead" ? "start" : "kill", t(`page.bot.${state.bot}`), state.bot === "dead" ? "start" : "kill");
    bot.disabled = state.bot === "starting";
    const gone = row("topic_gone", t("page.topics_now", { count: state.topics }), "topic_gone");
    gone.disabled = state.topics === 0;
    const over = row("window_over", t(state.window ? "page.window_open" : "page.window_shut"), "window_over");
    over.disabled = !state.window;
    return [
      bot,
      row("telegram_busy", left(state.busy), "telegram_busy"),
      row("telegram_down", left(state.telegram), "telegram_down"),
      row("whatsapp_down", left(state.whatsapp), "whatsapp_down"),
      row("whatsapp_failed", left(state.undelivered), "whatsapp_failed"),
      over,
      gone,
      row(state.blocked ? "unblock" : "block", t(state.blocked ? "page.blocked" : "page.not_blocked"), state.blocked ? "unblock" : "block"),
      row("repair", "", "repair"),
    ];
  }

  row(row) {
    const number = row.name === "whatsapp_failed" ? 1 : CALLS;
    return el(
      "div",
      { class: `switch-row ${row.name}` },
      el("p", {}, el("b", {}, t(`page.switch.${row.name}`)), row.standing ? el("small", {}, row.standing) : null),
      el(
        "button",
        {
          type: "button",
          class: "key",
          "data-focus": "switch",
          disabled: row.disabled,
          "aria-label": `${t(`page.do.${row.name}`)}: ${t(`page.switch.${row.name}`)}`,
          onclick: () => act({ do: row.does, number }),
        },
        t(`page.do.${row.name}`),
      ),
    );
  }
}
