// Photos are made smaller in the phone: quick on a weak network, and their hidden position never leaves it.

import { config } from "./dom.js";

const EDGE = 1600;
const GOOD = 0.82;
const LIMIT = 10 * 1024 * 1024;

/** Files as data addresses, smaller where the browser can read them. Rejects with "big" for a file over 10 MB. */
export function prepare(files) {
  return Promise.all(Array.from(files).slice(0, 10).map(one));
}

async function one(file) {
  const smaller = file.type.startsWith("image/") ? await shrink(file).catch(() => null) : null;
  const kept = smaller ?? file; // a form the browser cannot draw (HEIC) goes as it is
  if (kept.size > LIMIT) throw new Error("big");
  return read(kept);
}

async function shrink(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, EDGE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff"; // what is see-through must not turn black
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((done, fail) => {
    canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("empty"))), "image/jpeg", GOOD);
  });
}

function read(blob) {
  return new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.onerror = () => fail(reader.error);
    reader.readAsDataURL(blob);
  });
}

/** The picture that comes with Sahut, for who has none at hand. */
export async function sample() {
  const response = await fetch(`${config.base}/contoh-lampu.jpg`);
  if (!response.ok) throw new Error("kind");
  return [await read(await response.blob())];
}
