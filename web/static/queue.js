// What was typed is kept in the browser until the server has it for good: a dead zone or a closed tab loses nothing.

import { config, uuid } from "./dom.js";

const PREFIX = "sahut.q.";
const FINAL = new Set([400, 403, 404, 413, 415]);
let opening = null;

/** Make sure that this browser has a visitor's key. Resolves to true when a new visitor was made. */
export function openSession(anew = false) {
  opening ??= fetch("/chat/session", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ anew }),
  })
    .then(async (response) => {
      if (!response.ok) throw new Error(`session ${response.status}`);
      return (await response.json()).fresh;
    })
    .finally(() => {
      opening = null;
    });
  return opening;
}

/** Forget everything that waits (a new visitor starts with nothing). */
export function forget() {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  } catch {
    // no storage in this browser mode: nothing was kept
  }
}

/** The messages of one chat on their way: in order, one at a time, again and again until answered. */
export class Queue {
  constructor(chat, door, on) {
    this.chat = chat; // "" for the citizen's own chat
    this.door = door; // {messages, photos}: where to post
    this.on = on; // {sent(entry, answer), failed(entry, code), waiting(entry)}
    this.entries = this.#stored();
    this.tries = 0;
    this.timer = 0;
    this.busy = false;
    addEventListener("online", () => this.#soon(0));
    if (this.entries.length) this.#soon(0);
  }

  add(body, files = []) {
    const entry = { id: uuid(), at: Date.now(), body: { lang: config.lang, ...body }, files };
    this.entries.push(entry);
    this.#keep(entry);
    this.#soon(0);
    return entry;
  }

  #stored() {
    const found = [];
    try {
      for (const key of Object.keys(localStorage)) {
        if (!key.startsWith(PREFIX)) continue;
        const entry = JSON.parse(localStorage.getItem(key));
        if (entry.chat === this.chat) found.push(entry);
      }
    } catch {
      return []; // no storage in this browser mode: the page works, only a closed tab forgets
    }
    return found.sort((one, other) => one.at - other.at);
  }

  #keep(entry) {
    try {
      // one key per message, so that two tabs never overwrite each other's
      localStorage.setItem(PREFIX + entry.id, JSON.stringify({ ...entry, chat: this.chat }));
    } catch {
      // full or forbidden: it stays in memory
    }
  }

  #drop(entry) {
    this.entries = this.entries.filter((other) => other !== entry);
    try {
      localStorage.removeItem(PREFIX + entry.id);
    } catch {
      // as above
    }
  }

  #soon(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#run(), wait);
  }

  async #run() {
    if (this.busy) return;
    this.busy = true;
    try {
      while (this.entries.length) {
        const wait = await this.#send(this.entries[0]);
        if (wait) {
          this.#soon(wait);
          return;
        }
      }
    } finally {
      this.busy = false;
    }
  }

  /** One try. Returns milliseconds to wait before the next one, 0 when this entry is done with. */
  async #send(entry) {
    let response;
    try {
      response = await this.#post(entry);
    } catch {
      return this.#later(entry); // no network
    }
    if (response.ok) {
      this.tries = 0;
      const answer = await response.json().catch(() => ({}));
      this.#drop(entry);
      this.on.sent(entry, answer);
      return 0;
    }
    if (response.status === 401) await openSession().catch(() => null);
    if (FINAL.has(response.status)) {
      const { error } = await response.json().catch(() => ({}));
      this.#drop(entry);
      this.on.failed(entry, error ?? "bad");
      return 0;
    }
    return this.#later(entry, Number(response.headers.get("Retry-After")) * 1000);
  }

  #later(entry, asked = 0) {
    this.tries += 1;
    this.on.waiting(entry);
    const own = Math.min(30_000, 500 * 2 ** this.tries);
    return Math.max(asked || 0, own) * (0.8 + Math.random() * 0.4);
  }

  async #post(entry) {
    const { id, body, files } = entry;
    if (!files.length) {
      return fetch(this.door.messages, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ id, ...body }),
      });
    }
    const form = new FormData();
    form.append("id", id);
    for (const [name, value] of Object.entries(body)) form.append(name, value);
    for (const file of files) form.append("files", unpack(file), "file");
    return fetch(this.door.photos, { method: "POST", headers: { "X-Sahut": "1" }, body: form });
  }
}

/** A data: address as bytes (fetch would need a wider content policy). */
function unpack(file) {
  const [head, data] = file.split(",", 2);
  const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
  return new Blob([bytes], { type: head.slice(5).split(";")[0] });
}
