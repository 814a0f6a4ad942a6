// One line of a chat as it is seen: words, photos, the line it answers, and its buttons.

import { anchor, clockTime, config, el, icon, rich, say } from "./dom.js";

/** on: {press(line, data, label, node), place(node), reply(line), jump(id)}; own: is this line ours to the right? */
export function bubble(line, { own, quoted, on, before = null }) {
  const side = own ? "mine" : line.author === "sahut" ? "sahut" : "theirs";
  const node = el(`article.line.${side}`, { "data-id": line.id });
  if (line.local === "failed") node.classList.add("failed");
  const body = el("div.body");
  if (line.name && !own) body.append(el("p.who", {}, line.name));
  else if (side === "sahut") body.append(el("span.hear", {}, `${say("web.name")}: `));
  else if (own) body.append(el("span.hear", {}, `${say("web.you")}: `));
  if (quoted) {
    const target = () => on.jump(quoted.id);
    body.append(el("button.quoted", { type: "button", onclick: target, title: say("web.show_quoted") },
      el("span", {}, brief(quoted))));
  }
  // pictures that stand here already stay: the same ones under a new address would only flicker
  const there = before?.querySelector(".photos");
  const same = there && (!line.photos.length || there.children.length === line.photos.length);
  const shown = same ? there : line.photos.length ? photos(line.photos) : null;
  if (shown) body.append(shown);
  if (line.text) body.append(el("div.words", {}, ...rich(line.text)));
  body.append(foot(line, on));
  node.append(body);
  if (line.buttons.length) node.append(keys(line, on, before));
  if (on.reply) {
    // a tap anywhere on the bubble answers it, unless words are being selected or something else was meant
    body.addEventListener("click", (event) => {
      const busy = event.target.closest("a, button, audio, video") || !getSelection().isCollapsed;
      if (!busy && matchMedia("(hover: none)").matches) on.reply(line);
    });
  }
  return node;
}

function foot(line, on) {
  const parts = el("p.foot");
  if (on.reply && !line.local) {
    const label = say("web.reply_to", { words: brief(line) });
    parts.append(el("button.reply", { type: "button", "aria-label": label, title: say("web.reply"),
      onclick: () => on.reply(line) }, icon("reply")));
  }
  parts.append(el("time", { dateTime: line.at }, clockTime(new Date(line.at))));
  if (line.local) parts.append(el("span.state", { title: say(`web.state_${line.local}`) },
    icon({ wait: "wait", sent: "check", failed: "warn" }[line.local]),
    el(line.local === "failed" ? "span" : "span.hear", {}, say(`web.state_${line.local}`))));
  return parts;
}

/** How a line begins, for quotes and labels. */
export function brief(line) {
  const words = line.text.replace(/[\ue000\ue001]/g, "").trim().split(/\s*\n/, 1)[0];
  if (!words) return line.photos.length ? say("web.photo") : "…";
  return words.length > 80 ? `${words.slice(0, 78)}…` : words;
}

function photos(list) {
  const box = el("div.photos");
  if (list.length > 1) box.classList.add("many");
  list.forEach((photo, index) => {
    if (photo.kind === "audio") box.append(el("audio", { controls: true, src: photo.src, preload: "none" }));
    else if (photo.kind === "video") box.append(el("video", { controls: true, src: photo.src, preload: "none" }));
    else {
      const alt = say("web.photo_alt", { number: index + 1, count: list.length });
      // what the browser cannot draw (HEIC, no picture at all) is named, not shown as a broken one
      const picture = el("img", { src: photo.src, alt, loading: "lazy", onerror: () => picture.replaceWith(
        el("span.undrawn", {}, icon("photo"), alt)) });
      box.append(photo.src.startsWith("data:")
        ? picture
        : el("a", { href: photo.src, target: "_blank", rel: "noopener" }, picture));
    }
  });
  return box;
}

function keys(line, on, before) {
  const chosen = recall(line.id) ?? before?.querySelector(".key[aria-pressed=true]")?.dataset.data;
  const box = el("div.keys", { role: "group", "aria-label": say("web.choices") });
  for (const row of line.buttons) {
    const cells = row.map(([label, data, kind]) => key(line, on, { label, data, kind, chosen }));
    box.append(el("div.keyrow", {}, ...cells.filter(Boolean)));
  }
  return box;
}

function key(line, on, { label, data, kind, chosen }) {
  if (kind === "url") {
    const link = anchor(data, label, "a.key");
    link?.append(icon("open"));
    return link;
  }
  const button = el("button.key", { type: "button", "data-data": data }, label);
  if (kind === "location") {
    button.addEventListener("click", () => on.place(button));
    return button;
  }
  if (chosen === data) button.setAttribute("aria-pressed", "true");
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-busy")) return;
    for (const other of button.closest(".keys").querySelectorAll(".key")) other.removeAttribute("aria-pressed");
    button.setAttribute("aria-pressed", "true");
    button.setAttribute("aria-busy", "true");
    on.press(line, data, label, button);
  });
  return button;
}

const CHOICES = "sahut.pressed";

function recall(id) {
  try {
    return JSON.parse(sessionStorage.getItem(CHOICES) ?? "{}")[id];
  } catch {
    return undefined;
  }
}

/** Remember which button of a line was pressed, so that a reload shows it. */
export function remember(id, data) {
  try {
    const all = Object.entries({ ...JSON.parse(sessionStorage.getItem(CHOICES) ?? "{}"), [id]: data });
    sessionStorage.setItem(CHOICES, JSON.stringify(Object.fromEntries(all.slice(-60))));
  } catch {
    // without storage the mark lasts until the page is closed
  }
}

/** A bubble for what is still on its way. */
export function localLine(entry) {
  const { text, caption, place, reply_to: replyTo } = entry.body;
  const point = place ? `${say("web.my_place")}\n${place.lat.toFixed(5)}, ${place.lon.toFixed(5)}` : "";
  return {
    id: `local-${entry.id}`,
    author: "me",
    name: "",
    text: text ?? caption ?? point,
    buttons: [],
    photos: entry.files.map((src) => ({ src, kind: "image" })),
    reply_to: replyTo ?? "",
    at: new Date(config.tryout?.clock?.() ?? Date.now()).toISOString(),
    local: "wait",
  };
}
