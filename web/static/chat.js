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
    this.pressed = 0;
    this.touched = 0;
    this.follow = true; // keep the newest line in sight until somebody scrolls up
    this.inner = el("div");
    this.list = el("div.lines", { role: "log", "aria-live": "off", "aria-label": label, tabIndex: 0 }, this.inner);
    this.more = el("button.more", { type: "button", hidden: true, onclick: () => this.end(true) }, say("web.newest"));
    this.composer = new Composer({
      places,
      placeholder,
      name: chat,
      on: {
        text: (text, replyTo) => this.send({ text }, [], replyTo),
        files: (files, caption, replyTo) => this.send({ caption }, files, replyTo),
        place: (place, replyTo) => this.send({ place }, [], replyTo),
      },
    });
    this.start = el("div.start");
    this.node = el("div.chat", {}, this.list, this.more, this.start, this.composer.node);
    this.list.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    for (const hand of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      this.list.addEventListener(hand, (event) => this.#touch(event), { passive: true });
    }
    const grown = new ResizeObserver(() => this.follow && this.end(false)); // photos load, keyboards open
    grown.observe(this.list);
    grown.observe(this.inner);
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
    this.inner.replaceChildren();
  }

  send(body, files = [], replyTo = "") {
    this.pressed = 0; // a card that changes now answers these words: they are to be seen, not its buttons
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
    const focused = (known?.node ?? sent?.node)?.contains(document.activeElement);
    const node = this.#draw(line, known?.node ?? sent?.node);
    if (known) this.#swap(known.node, node);
    else this.#insert(line, node);
    if (sent) {
      sent.node.remove();
      this.local.delete(line.mine);
    }
    this.lines.set(line.id, { line, node });
    if (focused) (node.querySelector(".key") ?? this.list).focus({ preventScroll: true });
    if (this.ready) this.#live(line, Boolean(known));
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
      this.#swap(kept.node, node);
      kept.node = node;
    }
  }

  #swap(old, node) {
    node.dataset.day = old.dataset.day;
    old.replaceWith(node);
  }

  end(smooth) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.follow = true;
    this.touched = 0;
    this.more.hidden = true;
    this.list.scrollTo({ top: this.list.scrollHeight, behavior: smooth && !calm ? "smooth" : "auto" });
  }

  #live(line, changed) {
    const answers = changed && line.buttons.length && Date.now() - this.pressed < 4000;
    if (answers) this.#show(line.id); // what was pressed changed this card: its next buttons should be seen
    else if (this.mine(line) || this.follow || line.ask_reply) this.end(true);
    else if (!changed) this.more.hidden = false;
    if (line.ask_reply && !changed) {
      // where a keyboard would jump up over the chat, the box waits to be tapped
      this.composer.answer(line, this.list.offsetParent !== null && matchMedia("(hover: hover)").matches);
    }
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

  /** Lines stand in the order in which they were written, also those that were changed since; what is still on its way
      stands last, what was refused stays where it was. */
  #insert(line, node) {
    let later = null;
    // from the end: a line is nearly always the newest one, and a long history comes line by line
    for (let other = this.inner.lastElementChild; other; other = other.previousElementSibling) {
      if (!other.classList.contains("line") || other.classList.contains("failed")) continue;
      const there = this.lines.get(other.dataset.id)?.line;
      const before = there && (there.at < line.at || (there.at === line.at && Number(there.id) <= Number(line.id)));
      if (before) break;
      later = other;
    }
    node.dataset.day = dayName(new Date(line.at));
    if (later) later.before(node);
    else this.inner.append(node);
    this.#days(node);
  }

  /** The day stands above its first line: that may be this one now, and no longer the next. */
  #days(node) {
    const line = (from, step) => {
      while (from && !from.classList.contains("line")) from = from[step];
      return from;
    };
    const { day } = node.dataset;
    const before = line(node.previousElementSibling, "previousElementSibling");
    const after = line(node.nextElementSibling, "nextElementSibling");
    if (before?.dataset.day !== day) node.before(el("p.day", {}, day));
    const stands = after?.previousElementSibling;
    if (after?.dataset.day === day && stands.classList.contains("day")) stands.remove();
  }

  #press(line, data, button) {
    remember(line.id, data);
    this.pressed = Date.now();
    const entry = this.queue.add({ action: data, on: line.id, ...this.extra() });
    entry.button = button;
    this.on.spoke?.();
  }

  #showLocal(entry) {
    if (entry.body.action) return;
    const line = { ...localLine(entry), rev: 0 };
    const node = this.#draw(line);
    this.local.set(entry.id, { line, node });
    this.inner.append(node);
  }

  #sent(entry, answer) {
    entry.button?.removeAttribute("aria-busy");
    if (answer.toast) toast(answer.toast, { long: answer.alert });
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

  #show(id) {
    this.follow = false;
    this.lines.get(id).node.querySelector(".keys").scrollIntoView({ block: "nearest" });
  }

  #jump(id) {
    const node = this.lines.get(id)?.node;
    node?.scrollIntoView({ block: "center" });
    node?.classList.add("found");
    setTimeout(() => node?.classList.remove("found"), 1600);
  }

  #touch({ type, target, key }) {
    const bar = type === "pointerdown" && target === this.list; // the scroll bar, not something in the list
    const keys = type === "keydown" && /^(Arrow|Page|Home|End|Tab)/.test(key);
    if (bar || keys || type === "wheel" || type === "touchmove") this.touched = Date.now();
  }

  /** Scrolling by hand decides whether the newest line is followed; lines that change their height do not. */
  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.list;
    const left = scrollHeight - scrollTop - clientHeight;
    if (left < NEAR) this.more.hidden = true;
    if (Date.now() - this.touched < 1500) this.follow = left < NEAR;
    else if (left < 4) this.follow = true;
  }
}
