// The try-out: the citizen's phone, the officers' phone, and the clock that both live by.

import { citizenChat, connection, listen } from "./citizen.js";
import { Clock } from "./clock.js";
import { config, say, toast } from "./dom.js";
import { Officers } from "./officers.js";
import { forget, openSession } from "./queue.js";
import { Story } from "./story.js";

const byId = (id) => document.getElementById(id);
const narrow = matchMedia("(max-width: 56.1875em)");

/** The switch between both phones on a small screen, and its dots. */
class Sides {
  constructor() {
    this.now = "citizen";
    for (const side of ["citizen", "officer"]) {
      byId(`to-${side}`).addEventListener("click", () => this.show(side));
    }
    narrow.addEventListener("change", () => this.show(this.now));
    this.show("citizen");
  }

  show(side) {
    this.now = side;
    for (const name of ["citizen", "officer"]) {
      byId(name).classList.toggle("away", name !== side);
      byId(`to-${name}`).setAttribute("aria-pressed", String(name === side));
    }
    this.dot(side, false);
    document.querySelectorAll(".toast").forEach((old) => old.remove());
    this.shown?.(side);
  }

  visible(side) {
    return !narrow.matches || this.now === side;
  }

  dot(side, on) {
    byId(`to-${side}`).classList.toggle("dot", on);
    byId(`news-${side}`).textContent = on ? say("tryout.unread") : "";
  }

  /** Something happened over there. */
  news(side, words) {
    if (this.visible(side)) return;
    this.dot(side, true);
    toast(words, { action: () => this.show(side) });
  }
}

async function start() {
  const sides = new Sides();
  const clock = new Clock(byId("clock"), byId("clock-short"));
  config.tryout = { clock: () => clock.now() };
  const story = new Story(byId("story"), byId("next"));
  const chat = citizenChat({
    news: (line, changed) => changed || sides.news("citizen", say("tryout.news_citizen")),
    settled: (count) => story.wrote(count > 0),
    spoke: () => story.wrote(true),
  });
  byId("citizen-chat").append(chat.node);
  const officers = new Officers(byId("officer"), {
    seen: () => sides.visible("officer"),
    news: (title) => sides.news("officer", say("tryout.news_officer", { chat: title })),
    overview: (overview) => {
      clock.set(overview.now);
      story.tell(overview.tickets);
    },
  });
  sides.shown = (side) => (side === "officer" ? officers.look() : chat.end(false));
  const state = connection(byId("citizen-state"));

  clock.buttons(document.querySelectorAll("[data-forward]"));
  byId("anew").addEventListener("click", () => anew());
  await openSession().catch(() => state(false));
  listen(chat, state);
  officers.listen();
}

/** Begin again as a person whom the city has never met. */
async function anew() {
  const ask = byId("sure");
  ask.returnValue = "";
  ask.showModal();
  ask.onclose = async () => {
    if (ask.returnValue !== "yes") return;
    try {
      await openSession(true);
    } catch {
      toast(say("web.error_later"), { alert: true });
      return;
    }
    forget();
    try {
      sessionStorage.clear();
    } catch {
      // no storage in this browser mode: nothing was kept
    }
    location.reload();
  };
}

start();
