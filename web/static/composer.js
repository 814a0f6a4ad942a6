// The row where people write: words, photos, a place, and what is being answered.

import { brief } from "./bubble.js";
import { config, el, icon, say, toast } from "./dom.js";
import { prepare, sample } from "./pictures.js";

const MAX = 4000;

/**
 * on: {text(words, replyTo), files(list, caption, replyTo), place(point, replyTo)}; places: offer a location?
 * name: under which words that were not sent yet outlive a reload
 */
export class Composer {
  constructor({ on, places, placeholder, name }) {
    this.on = on;
    this.draft = `sahut.draft.${name}`;
    this.answering = null;
    this.input = el("textarea", { rows: 1, maxLength: MAX, placeholder, "aria-label": placeholder,
      enterKeyHint: "send", autocomplete: "off" });
    this.input.addEventListener("input", () => this.#grow());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.file = el("input.hear", { type: "file", accept: "image/*", multiple: true, tabIndex: -1,
      "aria-label": say("web.photo_pick") });
    this.file.addEventListener("change", () => this.#files(prepare(this.file.files)));
    this.quote = el("div.quote", { hidden: true });
    this.menus = el("div.menus");
    this.photo = el("button.tool", { type: "button", "aria-label": say("web.photo_send"),
      title: say("web.photo_send"), onclick: () => this.#photoMenu() }, icon("photo"));
    this.place = places ? el("button.tool", { type: "button", "aria-label": say("web.place_send"),
      title: say("web.place_send"), onclick: () => this.askPlace() }, icon("place")) : null;
    this.node = el("form.composer", { onsubmit: (event) => this.#submit(event) }, this.menus, this.quote,
      el("div.row", {}, this.photo, this.place, this.file, this.input,
        el("button.send", { type: "submit", "aria-label": say("web.send"), title: say("web.send") }, icon("send"))));
    this.node.addEventListener("keydown", (event) => event.key === "Escape" && this.#escape());
    this.input.value = recall(this.draft);
  }

  /** Answer this line with what is written next. */
  answer(line, focus = true) {
    this.answering = line;
    const stop = el("button.tool", { type: "button", "aria-label": say("web.reply_stop"), onclick: () => this.quiet() },
      icon("close"));
    this.quote.replaceChildren(icon("reply"), el("span", {}, say("web.replying"), " ", el("q", {}, brief(line))), stop);
    this.quote.hidden = false;
    if (focus) this.input.focus({ preventScroll: true });
  }

  quiet() {
    this.answering = null;
    this.quote.hidden = true;
    this.input.focus({ preventScroll: true });
  }

  fill(words) {
    this.input.value = words;
    this.#grow();
    this.input.focus();
  }

  #grow() {
    remember(this.draft, this.input.value);
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(132, this.input.scrollHeight)}px`;
  }

  #key(event) {
    const send = event.key === "Enter" && !event.shiftKey && !event.isComposing;
    if (send && matchMedia("(hover: hover)").matches) this.#submit(event);
  }

  #escape() {
    if (this.menus.children.length) {
      (this.menus.dataset.open === "photo" ? this.photo : this.place).focus();
      this.#menu(null);
    } else if (this.answering) this.quiet();
  }

  #submit(event) {
    event.preventDefault();
    const words = this.input.value.trim();
    if (!words) return;
    this.on.text(words, this.#taken());
    this.input.value = "";
    this.#grow();
  }

  #taken() {
    const id = this.answering?.id ?? "";
    if (id) this.quiet();
    return id;
  }

  async #files(coming) {
    this.#menu(null);
    try {
      const list = await coming;
      const caption = this.input.value.trim();
      if (list.length) {
        this.on.files(list, caption, this.#taken());
        this.input.value = "";
        this.#grow();
      }
    } catch (wrong) {
      toast(say(wrong.message === "big" ? "web.error_big" : "web.error_kind"), { alert: true });
    }
    this.file.value = "";
  }

  #photoMenu() {
    if (!config.tryout) return this.file.click();
    return this.#menu("photo", this.photo,
      option("photo", say("web.photo_own"), () => this.file.click()),
      option("photo", say("tryout.photo_sample"), () => this.#files(sample())));
  }

  /** Send where the phone is; without a phone's position, from a list or as typed numbers. */
  askPlace() {
    if (!this.place) return;
    const samples = config.places.map(({ label, lat, lon }) => option("place", label, () => this.#point(lat, lon)));
    const near = option("place", say("web.place_here"), (button) => this.#here(button));
    const typed = el("input", { type: "text", inputMode: "text", "aria-label": say("web.place_typed"),
      placeholder: "-6.29799, 106.95911", maxLength: 60 });
    const take = () => this.#typed(typed.value);
    typed.addEventListener("keydown", (event) => {
      if (event.key === "Enter") (event.preventDefault(), take());
    });
    this.#menu("place", this.place, near, ...samples,
      el("div.typed", {}, typed, el("button.key", { type: "button", onclick: take }, say("web.place_use"))));
  }

  #typed(value) {
    const found = /^\s*(-?\d{1,2}(?:[.,]\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:[.,]\d+)?)\s*$/.exec(value);
    const [lat, lon] = found ? [found[1], found[2]].map((part) => Number(part.replace(",", "."))) : [];
    if (found && Math.abs(lat) <= 90 && Math.abs(lon) <= 180) this.#point(lat, lon);
    else toast(say("web.place_wrong"), { alert: true });
  }

  #here(button) {
    const failed = () => {
      button.removeAttribute("aria-busy");
      toast(say("web.place_denied"), { alert: true });
    };
    if (!navigator.geolocation) return failed();
    button.setAttribute("aria-busy", "true");
    return navigator.geolocation.getCurrentPosition(
      ({ coords }) => this.#point(coords.latitude, coords.longitude),
      failed,
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
    );
  }

  #point(lat, lon) {
    this.#menu(null);
    this.on.place({ lat, lon }, this.#taken());
  }

  /** Show a menu above the row, or take it away when it is the one that is open. */
  #menu(name, opener = null, ...options) {
    const open = this.menus.dataset.open;
    for (const button of [this.photo, this.place]) button?.removeAttribute("aria-expanded");
    this.menus.replaceChildren();
    delete this.menus.dataset.open;
    if (!name || open === name) return;
    this.menus.dataset.open = name;
    opener.setAttribute("aria-expanded", "true");
    this.menus.append(el("div.menu", { role: "group", "aria-label": opener.title }, ...options));
    this.menus.querySelector("button").focus();
  }
}

function option(shape, label, choose) {
  const button = el("button.option", { type: "button" }, icon(shape), label);
  button.addEventListener("click", () => choose(button));
  return button;
}

function recall(name) {
  try {
    return sessionStorage.getItem(name) ?? "";
  } catch {
    return ""; // no storage in this browser mode: words live until the page is closed
  }
}

function remember(name, words) {
  try {
    sessionStorage.setItem(name, words);
  } catch {
    // as above
  }
}
