// The officers' phone: the group of the agency, its head's chat and the operations centre, one stream for all.

import { Chat } from "./chat.js";
import { connection } from "./citizen.js";
import { config, el, say, toast } from "./dom.js";
import { Stream } from "./stream.js";

const DOOR = { messages: "/tryout/group/messages", photos: "/tryout/group/photos" };

export class Officers {
  constructor(phone, on) {
    this.on = on; // {seen(), news(title), overview(overview)}
    this.tabs = phone.querySelector(".tabs");
    this.place = phone.querySelector(".chats");
    this.empty = phone.querySelector(".empty");
    this.title = phone.querySelector(".title");
    this.state = connection(phone.querySelector(".online"));
    this.holder = phone.querySelector(".holder");
    this.chats = new Map(); // peer -> {about, chat, seen}
    this.shown = "";
    this.agency = "";
    this.officer = config.officers[0].code;
    this.#holders();
  }

  listen() {
    this.stream = new Stream(
      () => {
        const chat = this.chats.get(this.shown)?.chat;
        return chat ? `/tryout/events?chat=${encodeURIComponent(this.shown)}&rev=${chat.rev}` : "/tryout/events";
      },
      {
        line: (line) => this.chats.get(this.shown)?.chat.take(line),
        ready: () => this.chats.get(this.shown)?.chat.settle(),
        overview: (overview) => this.#overview(overview),
      },
      this.state,
    );
  }

  /** The phone came into view: what stands in it is read now. */
  look() {
    const open = this.chats.get(this.shown);
    if (!open) return;
    open.seen = open.about.news;
    open.chat.end(false);
    this.#drawTabs();
  }

  #overview(overview) {
    const chats = overview.tickets.length ? overview.chats : [];
    for (const [peer, kept] of this.chats) {
      if (!chats.some((about) => about.peer === peer)) this.#drop(peer, kept);
    }
    for (const about of chats) {
      const known = this.chats.get(about.peer);
      if (known) known.about = about;
      else this.chats.set(about.peer, { about, chat: this.#chat(about), seen: 0, told: 0 });
    }
    this.empty.hidden = this.chats.size > 0;
    this.#follow(overview);
    this.holder.hidden = this.chats.get(this.shown)?.about.role !== "group";
    this.#unread();
    this.#drawTabs();
    this.on.overview(overview);
  }

  #drop(peer, kept) {
    kept.chat.node.remove();
    this.chats.delete(peer);
    if (this.shown === peer) this.shown = "";
  }

  /** Show the group that owns the newest report; when that changes hands, go along. */
  #follow(overview) {
    const group = overview.tickets[0]?.group;
    if (group && group !== this.agency && this.chats.has(group)) {
      if (this.agency) toast(say("tryout.moved", { agency: overview.tickets[0].agency_name }));
      this.agency = group;
      this.show(group);
    } else if (!this.shown && this.chats.size) this.show(this.chats.keys().next().value);
  }

  #unread() {
    for (const [peer, kept] of this.chats) {
      if (peer === this.shown && this.on.seen()) kept.seen = kept.about.news;
      if (kept.about.news > Math.max(kept.seen, kept.told)) {
        kept.told = kept.about.news;
        this.on.news(kept.about.role === "group" ? kept.about.title : this.#short(kept.about));
      }
    }
  }

  #chat(about) {
    const chat = new Chat({
      chat: about.peer,
      door: DOOR,
      label: say("tryout.lines_of", { chat: `${this.#short(about)} ${about.title}` }),
      placeholder: say(about.role === "group" ? "tryout.write_group" : "tryout.write_seat"),
      extra: () => ({ chat: about.peer, as: this.officer }),
      on: {
        settled: (count) => chat.start.replaceChildren(...(count ? [] : this.#silence(about))),
        news: () => chat.start.replaceChildren(),
        spoke: () => chat.start.replaceChildren(),
      },
      mine: (line) => line.author !== "sahut" && (about.role !== "group" || line.name === this.#name()),
    });
    chat.node.hidden = true;
    this.place.append(chat.node);
    return chat;
  }

  show(peer) {
    const next = this.chats.get(peer);
    if (!next || peer === this.shown) return;
    this.shown = peer;
    for (const [other, kept] of this.chats) kept.chat.node.hidden = other !== peer;
    const group = next.about.role === "group";
    this.title.textContent = group ? next.about.title : `${this.#short(next.about)} · ${next.about.title}`;
    this.holder.hidden = !group;
    if (this.on.seen()) next.seen = next.about.news;
    this.#drawTabs();
    this.stream?.open();
  }

  #drawTabs() {
    const held = this.tabs.contains(document.activeElement) && document.activeElement.dataset.peer;
    const tabs = [...this.chats].map(([peer, kept]) => {
      const unread = kept.about.news > kept.seen;
      const tab = el("button.tab", { type: "button", "data-peer": peer, "aria-pressed": String(peer === this.shown),
        onclick: () => this.show(peer) }, this.#short(kept.about));
      if (unread) {
        tab.classList.add("dot");
        tab.append(el("span.hear", {}, ` ${say("tryout.unread")}`));
      }
      return tab;
    });
    this.tabs.replaceChildren(...tabs);
    this.tabs.hidden = tabs.length < 2;
    if (held) this.tabs.querySelector(`[data-peer="${CSS.escape(held)}"]`)?.focus();
  }

  #short(about) {
    return say({ group: "tryout.tab_group", ops: "tryout.tab_ops" }[about.role] ?? "tryout.tab_head");
  }

  /** What stands in a chat that nobody had to be told anything in yet. */
  #silence({ role }) {
    const words = { head: "tryout.silent_head", ops: "tryout.silent_ops" }[role];
    return words ? [el("p.hint", {}, say(words))] : [];
  }

  #name() {
    return config.officers.find((officer) => officer.code === this.officer).name;
  }

  /** Who holds this phone: two officers of the same group, to see what happens when both press. */
  #holders() {
    const choices = config.officers.map((officer) =>
      el("button.seat", { type: "button", "data-code": officer.code, onclick: () => this.#hold(officer.code) },
        officer.name));
    this.holder.append(el("span", { id: "holder-label" }, say("tryout.holder")),
      el("div.seats", { role: "group", "aria-labelledby": "holder-label" }, ...choices));
    this.#hold(this.officer);
  }

  #hold(code) {
    this.officer = code;
    for (const seat of this.holder.querySelectorAll(".seat")) {
      seat.setAttribute("aria-pressed", String(seat.dataset.code === code));
    }
    for (const { chat } of this.chats.values()) chat.redraw();
  }
}
