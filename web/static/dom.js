// Small helpers for building the page. Words of people become text nodes only; markup is never parsed.

const config = JSON.parse(document.body.dataset.config);
export { config };

/** The words for a key of the page's language, with its {slots} filled. */
export function say(key, slots = {}) {
  const words = config.words[key] ?? key;
  return words.replace(/\{(\w+)\}/g, (whole, name) => (name in slots ? String(slots[name]) : whole));
}

/** An element: el("button.key", {type: "button", onclick}, "Kirim"). Unknown properties become attributes. */
export function el(kind, properties = {}, ...children) {
  const [tag, ...classes] = kind.split(".");
  const node = document.createElement(tag || "div");
  if (classes.length) node.className = classes.join(" ");
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && !name.startsWith("aria")) node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child || child === ""));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";
const SHAPES = {
  send: "M4 12 20 4.5 14.5 20l-3-6.5L4 12Zm7.5 1.5L20 4.5",
  photo: "M4 8.5A1.5 1.5 0 0 1 5.5 7H8l1.5-2.5h5L16 7h2.5A1.5 1.5 0 0 1 20 8.5v9a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 17.5v-9ZM12 16a3.3 3.3 0 1 0 0-6.6 3.3 3.3 0 0 0 0 6.6Z",
  place: "M12 21s-6.5-5.7-6.5-11a6.5 6.5 0 0 1 13 0c0 5.3-6.5 11-6.5 11Zm0-8.6a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8Z",
  reply: "M10 8V4.5L3.5 11 10 17.5V14c5 0 8 1.5 10.5 5-.5-6-3.500-11-10.500-11Z",
  close: "m6 6 12 12M18 6 6 18",
  wait: "M12 7v5l3 2m6-2a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z",
  check: "m5 12.5 4.5 4.5L19 7.500",
  warn: "M12 8v5m0 3.2v.1M12 3.5 2.500 20h19L12 3.500Z",
  open: "M14 5h5v5m0-5-8.5 8.5M10 6H6a1 1 0 0 0-1 1v11a1 1 0 0 0 1 1h11a1 1 0 0 0 1-1v-4",
};

/** A line drawing; decoration only, the words stand beside it or in the label of its button. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

const BOLD_ON = "\ue000";
const LINK = /https?:\/\/[^\s<>"'\ue000\ue001]+[^\s<>"'.,;:!?)\]\ue000\ue001]/g;

/** Words with their bold parts and web addresses, as nodes. */
export function rich(text) {
  const nodes = [];
  let bold = false;
  for (const part of text.split(/([\ue000\ue001])/)) {
    if (part === "\ue000" || part === "\ue001") bold = part === BOLD_ON;
    else if (part) nodes.push(bold ? el(part.length < 25 ? "b.short" : "b", {}, ...linked(part)) : linked(part));
  }
  return nodes.flat();
}

function linked(text) {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(LINK)) {
    nodes.push(text.slice(end, found.index), anchor(found[0], found[0].replace(/^https?:\/\//, "")));
    end = found.index + found[0].length;
  }
  nodes.push(text.slice(end));
  return nodes.filter((node) => node !== "");
}

/** A link to another site, or null for an address that is none. */
export function anchor(address, label, kind = "a") {
  if (!/^(https?:|tel:|mailto:)/i.test(address)) return null;
  return el(kind, { href: address, target: "_blank", rel: "noopener noreferrer" }, label);
}

const locale = config.lang === "en" ? "en-GB" : "id-ID";
const format = (options) => new Intl.DateTimeFormat(locale, { timeZone: config.zone, ...options });
const hourly = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const daily = format({ weekday: "long", day: "numeric", month: "long" });
const fully = format({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
const shortly = format({ weekday: "short", day: "numeric", month: "short" });
const bare = (words) => (config.lang === "en" ? words : words.replace(",", ""));

export const clockTime = (at) => hourly.format(at).replace(":", config.lang === "en" ? ":" : ".");
export const hourOf = (at) => Number(hourly.format(at).slice(0, 2));
export const dayName = (at) => bare(daily.format(at));
export const fullTime = (at) => `${bare(fully.format(at))}, ${clockTime(at)} ${config.zoneName}`;
export const shortTime = (at) => `${bare(shortly.format(at))}, ${clockTime(at)}`;

/** A short line at the bottom edge; `action` makes it a button. Read out by screen readers. */
export function toast(words, { alert = false, long = false, action = null } = {}) {
  const place = document.getElementById("toasts");
  const node = el(action ? "button.toast" : "div.toast", action ? { type: "button" } : {}, words);
  if (alert) node.classList.add("alert");
  const gone = () => node.remove();
  for (const other of [...place.children]) if (other.textContent === words) other.remove();
  node.addEventListener("click", () => (gone(), action?.()));
  place.append(node);
  while (place.children.length > 2) place.firstChild.remove();
  setTimeout(gone, Math.min(9000, 3200 + (long || alert ? 80 : 45) * words.length));
}

export const uuid = () =>
  crypto.randomUUID?.() ??
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
