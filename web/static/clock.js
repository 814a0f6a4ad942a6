// The clock of the try-out: shown as the city's time, moved forward by its buttons.

import { config, fullTime, hourOf, say, shortTime, toast } from "./dom.js";
import { openSession } from "./queue.js";

export class Clock {
  constructor(long, short) {
    this.long = long;
    this.short = short;
    this.ahead = Date.parse(long.dateTime) - Date.now();
    setInterval(() => this.#show(), 5_000);
    this.#show();
  }

  now() {
    return Date.now() + this.ahead;
  }

  set(iso) {
    this.ahead = Date.parse(iso) - Date.now();
    this.#show();
  }

  /** Buttons with data-forward="seconds". */
  buttons(list) {
    for (const button of list) {
      button.addEventListener("click", () => this.#forward(list, Number(button.dataset.forward)));
    }
  }

  async #forward(list, seconds) {
    for (const button of list) button.disabled = true;
    document.body.classList.add("turning");
    try {
      const response = await this.#ask(seconds);
      this.set((await response.json()).now);
      const hour = hourOf(this.now());
      const night = hour >= config.quiet[0] || hour < config.quiet[1];
      toast(say(night ? "tryout.clock_night" : "tryout.clock_now", { time: shortTime(this.now()) }));
    } catch {
      toast(say("web.error_later"), { alert: true });
    }
    document.body.classList.remove("turning");
    for (const button of list) button.disabled = false;
  }

  async #ask(seconds, again = true) {
    const response = await fetch("/tryout/clock", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ seconds }),
    });
    if (response.status === 401 && again) {
      await openSession();
      return this.#ask(seconds, false);
    }
    if (!response.ok) throw new Error(String(response.status));
    return response;
  }

  #show() {
    const now = new Date(this.now());
    this.long.textContent = fullTime(now);
    this.long.dateTime = now.toISOString();
    this.short.textContent = shortTime(now);
  }
}
