// What has happened to the newest report, and what a newcomer could try next.

import { el, icon, say } from "./dom.js";

const STEPS = ["told", "sent", "taken", "worked", "asked", "closed"];
const REACHED = {
  new: 1, assigned: 1, acknowledged: 2, in_progress: 3, scheduled: 3, waiting_citizen: 3, waiting_external: 3,
  resolved: 4, reopen_requested: 4, closed: 5,
};

export class Story {
  constructor(list, next) {
    this.list = list;
    this.next = next;
    this.written = false;
    this.tickets = [];
    this.#show();
  }

  /** Whether the citizen has written anything yet. */
  wrote(yes) {
    this.written = yes;
    this.#show();
  }

  tell(tickets) {
    this.tickets = tickets;
    this.#show();
  }

  #show() {
    const ticket = this.tickets[0];
    const at = ticket ? (REACHED[ticket.status] ?? 1) : -1;
    const steps = STEPS.map((name, index) => this.#step(name, index, at, ticket));
    this.list.replaceChildren(...steps);
    this.list.dataset.ticket = ticket?.number ?? "";
    this.next.textContent = this.#hint(ticket);
  }

  #step(name, index, at, ticket) {
    const done = index <= at;
    const now = index === (ticket ? at : 0);
    const node = el("li", { "aria-current": now && "step" }, el("span.mark", {}, done ? icon("check") : String(index + 1)),
      el("span.step", {}, say(`tryout.step_${name}`)));
    if (done) node.classList.add("done");
    if (now && ticket) node.append(el("small", {}, `${ticket.number} · ${ticket.status_label}`));
    return node;
  }

  #hint(ticket) {
    if (!ticket) return say(this.written ? "tryout.next_answer" : "tryout.next_write");
    const key = `tryout.next_${ticket.status}`;
    const words = say(key, { agency: ticket.agency_name });
    return words === key ? say("tryout.next_any") : words;
  }
}
