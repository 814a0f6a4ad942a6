// Listens to a chat: lines as they come, resumed where it was cut, quiet while nobody looks.

import { openSession } from "./queue.js";

export class Stream {
  /** address(): where to listen now; handlers: {eventName: (data) => …}; state(online): shown in the header. */
  constructor(address, handlers, state) {
    this.address = address;
    this.handlers = handlers;
    this.state = state;
    this.source = null;
    this.tries = 0;
    this.timer = 0;
    this.closed = false;
    this.look = () => this.#visibility();
    document.addEventListener("visibilitychange", this.look);
    this.online = () => this.open();
    addEventListener("online", this.online);
    this.offline = () => this.state(false); // a cut line is silent for a long time: the phone knows earlier
    addEventListener("offline", this.offline);
    this.open();
  }

  open() {
    clearTimeout(this.timer);
    this.source?.close();
    if (this.closed) return;
    const source = new EventSource(this.address());
    this.source = source;
    source.onopen = () => {
      this.tries = 0;
      this.state(true);
    };
    for (const [name, handle] of Object.entries(this.handlers)) {
      source.addEventListener(name, (event) => handle(JSON.parse(event.data)));
    }
    source.onerror = () => this.#again(source);
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    this.source?.close();
    document.removeEventListener("visibilitychange", this.look);
    removeEventListener("online", this.online);
    removeEventListener("offline", this.offline);
  }

  #again(source) {
    source.close();
    if (source !== this.source || this.closed) return;
    this.tries += 1;
    if (this.tries > 1) this.state(false);
    const wait = Math.min(20_000, 400 * 2 ** this.tries) * (0.8 + Math.random() * 0.4);
    this.timer = setTimeout(async () => {
      // the server may have refused us for want of a key: get one before the next try
      const fresh = await openSession().catch(() => false);
      if (fresh) location.reload(); // the key was lost, and with it whose lines these were
      else this.open();
    }, wait);
  }

  #visibility() {
    clearTimeout(this.timer);
    if (document.hidden) this.timer = setTimeout(() => this.source?.close(), 10_000);
    else if (!this.source || this.source.readyState === EventSource.CLOSED) this.open();
  }
}
