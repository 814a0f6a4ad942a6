// One chat: its lines, its composer and its queue. The citizen's phone and every group of officers are one each.

import { bubble, localLine, remember } from "./bubble.js";
import { Composer } from "./composer.js";
import { dayName, el, say, toast } from "./dom.js";
import { Queue } from "./queue.js";

const NEAR = 120; // pixels from the end that still count as "reading the newest"

/**
 * chat: "" for the citizen's own; door: {messages, photos}; places: offer a location button
 * extra(): more fields for every message; mine(line): is a line ours; on.news(line): a line came while alive
 */
export class Chat {
  constructor({ chat = "", door, places = false, label, placeholder, extra = () => ({}), mine, on = {} }) {
    this.on = on;
    this.extra = extra;
    this.mine = mine ?? ((line) => line.author === "me");
    this.rev = 0;
    this.lines = new Map(); // id -> {line, node}
    this.local = new Map(); // client id -> {line, node}
    this.ready = false;
    this.list = el("div.lines", { role: "log", "aria-live": "off", "aria-label": label, tabIndex: 0 });
    this.more = el("button.more", { type: "button", hidden: true, onclick: () => this.end(true) }, say("web.newest"));
    this.composer = new Composer({
      places,
      placeholder,
      on: {
        text: (text, replyTo) => this.send({ text }, [], replyTo),
        files: (files, caption, replyTo) => this.send({ caption }, files, replyTo),
        place: (place, replyTo) => this.send({ place }, [], replyTo),
      },
    });
    this.start = el("div.start");
    this.node = el("div.chat", {}, this.list, this.more, this.start, this.composer.node);
    this.list.addEventListener("scroll", () => this.#atEnd() && (this.more.hidden = true), { passive: true });
    this.queue = new Queue(chat, door, {
      sent: (entry, answer) => this.#sent(entry, answer),
      failed: (entry, code) => this.#failed(entry, code),
      waiting: () => {},
    });
    for (const entry of this.queue.entries) this.#showLocal(entry);
  }

  /** Everything again from the beginning (another visitor). */
  reset() {
    this.rev = 0;
    this.ready = false;
    this.lines.clear();
    this.local.clear();
    this.list.replaceChildren();
  }

  send(body, files = [], replyTo = "") {
    const entry = this.queue.add({ ...body, ...this.extra(), ...(replyTo && { reply_to: replyTo }) }, files);
    this.#showLocal(entry);
    this.end(true);
    this.on.spoke?.();
  }

  /** A line from the server: new, or a newer form of one that stands here. */
  take(line) {
    this.rev = Math.max(this.rev, line.rev);
    const known = this.lines.get(line.id);
    const sent = line.mine ? this.local.get(line.mine) : undefined;
    const follow = this.#atEnd();
    const focused = (known?.node ?? sent?.node)?.contains(document.activeElement);
    const node = this.#draw(line, known?.node ?? sent?.node);
    if (known) known.node.replaceWith(node);
    else this.#insert(line, node);
    if (sent) {
      sent.node.remove();
      this.local.delete(line.mine);
    }
    this.lines.set(line.id, { line, node });
    if (focused) (node.querySelector(".key") ?? this.list).focus({ preventScroll: true });
    if (this.ready) this.#live(line, follow, Boolean(known));
  }

  /** The history is complete: from now on lines are news. */
  settle() {
    if (!this.ready) {
      this.ready = true;
      this.list.setAttribute("aria-live", "polite");
      this.end(false);
      const last = [...this.lines.values()].at(-1)?.line;
      if (last?.ask_reply) this.composer.answer(last, false);
    }
    this.on.settled?.(this.lines.size + this.local.size);
  }

  /** Draw every line anew: whose lines are ours has changed. */
  redraw() {
    for (const kept of this.lines.values()) {
      const node = this.#draw(kept.line, kept.node);
      kept.node.replaceWith(node);
      kept.node = node;
    }
  }

  end(smooth) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.list.scrollTo({ top: this.list.scrollHeight, behavior: smooth && !calm ? "smooth" : "auto" });
    this.more.hidden = true;
  }

  #live(line, follow, changed) {
    if (this.mine(line) || follow) this.end(true);
    else if (!changed) this.more.hidden = false;
    if (line.ask_reply && !changed) this.composer.answer(line, this.list.offsetParent !== null);
    if (!this.mine(line)) this.on.news?.(line, changed);
  }

  #draw(line, before = null) {
    const quoted = this.lines.get(line.reply_to)?.line;
    return bubble(line, {
      own: this.mine(line),
      quoted,
      before,
      on: {
        press: (pressed, data, label, button) => this.#press(pressed, data, button),
        place: () => this.composer.askPlace(),
        reply: (answered) => this.composer.answer(answered),
        jump: (id) => this.#jump(id),
      },
    });
  }

  /** Lines stand in the order in which they were written, also those that were changed since. */
  #insert(line, node) {
    const later = [...this.list.querySelectorAll(".line")].find((other) => {
      const there = this.lines.get(other.dataset.id)?.line;
      return !there || there.at > line.at || (there.at === line.at && Number(there.id) > Number(line.id));
    });
    if (later) later.before(node);
    else this.list.append(node);
    this.#days(node, line);
  }

  #days(node, line) {
    const day = dayName(new Date(line.at));
    let before = node.previousElementSibling;
    while (before && !before.dataset.day) before = before.previousElementSibling;
    if (before?.dataset.day === day) return;
    node.before(el("p.day", { "data-day": day }, day));
  }

  #press(line, data, button) {
    remember(line.id, data);
    const entry = this.queue.add({ action: data, on: line.id, ...this.extra() });
    entry.button = button;
    this.on.spoke?.();
  }

  #showLocal(entry) {
    if (entry.body.action) return;
    const line = { ...localLine(entry), rev: 0 };
    const node = this.#draw(line);
    this.local.set(entry.id, { line, node });
    this.list.append(node);
  }

  #sent(entry, answer) {
    entry.button?.removeAttribute("aria-busy");
    if (answer.toast) toast(answer.toast, { alert: answer.alert });
    this.#mark(entry, "sent");
  }

  #failed(entry, code) {
    entry.button?.removeAttribute("aria-busy");
    entry.button?.removeAttribute("aria-pressed");
    this.#mark(entry, "failed");
    const known = ["big", "many", "kind", "gone", "foreign"].includes(code);
    toast(say(known ? `web.error_${code}` : "web.error_bad"), { alert: true });
  }

  #mark(entry, state) {
    const kept = this.local.get(entry.id);
    if (!kept) return;
    kept.line.local = state;
    const node = this.#draw(kept.line, kept.node);
    kept.node.replaceWith(node);
    kept.node = node;
  }

  #jump(id) {
    const node = this.lines.get(id)?.node;
    node?.scrollIntoView({ block: "center" });
    node?.classList.add("found");
    setTimeout(() => node?.classList.remove("found"), 1600);
  }

  #atEnd() {
    return this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < NEAR;
  }
}
