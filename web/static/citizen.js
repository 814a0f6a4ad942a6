// The citizen's chat alone, as the public page of a city shows it.

import { Chat } from "./chat.js";
import { config, el, say } from "./dom.js";
import { openSession } from "./queue.js";
import { Stream } from "./stream.js";

/** The citizen's chat with its examples; `on` as for Chat. */
export function citizenChat(on = {}) {
  const chat = new Chat({
    door: { messages: "/chat/messages", photos: "/chat/photos" },
    places: true,
    label: say("web.lines_citizen"),
    placeholder: say("web.write"),
    on: {
      ...on,
      spoke: () => {
        chat.start.replaceChildren();
        on.spoke?.();
      },
      settled: (count) => {
        chat.start.replaceChildren();
        if (!count) chat.start.append(...welcome(chat));
        on.settled?.(count);
      },
    },
  });
  return chat;
}

function welcome(chat) {
  const chips = config.starters.map((words) =>
    el("button.chip", { type: "button", onclick: () => chat.send({ text: words }) }, words));
  return [
    el("p.hello", {}, say("web.hello", { city: config.city })),
    chips.length ? el("p.hint", {}, say("web.examples")) : null,
    el("div.chips", {}, ...chips),
  ].filter(Boolean);
}

/** Listen for the citizen's lines; returns the stream. */
export function listen(chat, state) {
  return new Stream(
    () => `/chat/events?rev=${chat.rev}`,
    { line: (line) => chat.take(line), ready: () => chat.settle() },
    state,
  );
}

/** Say in a header whether we are connected. */
export function connection(node) {
  const calm = node.textContent;
  return (online) => {
    node.textContent = online ? calm : say("web.offline");
    node.classList.toggle("offline", !online);
  };
}

export async function start() {
  const chat = citizenChat();
  document.getElementById("chat").append(chat.node);
  const state = connection(document.getElementById("state"));
  await openSession().catch(() => state(false));
  listen(chat, state);
}

if (document.body.dataset.page === "chat") start();
