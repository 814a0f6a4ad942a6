// Reads payloads as JSON lines, builds each anew with another project's library, and says where the two differ.
import { createInterface } from "node:readline";
import { createRequire } from "node:module";
import { isDeepStrictEqual } from "node:util";

const { messages } = await load(process.argv[2]);
const build = {
  text: (t) => new messages.Text(t.body, t.preview_url),
  image: (m) => new messages.Image(m.id, true, m.caption),
  video: (m) => new messages.Video(m.id, true, m.caption),
  audio: (m) => new messages.Audio(m.id, true),
  document: (m) => new messages.Document(m.id, true, m.caption, m.filename),
  interactive: (i) => new messages.Interactive(action[i.type](i.action), new messages.Body(i.body.text), header(i.header)),
  template: (t) => new messages.Template(t.name, new messages.Language(t.language.code), ...components(t.components ?? [])),
};
const action = {
  button: (a) => new messages.ActionButtons(...a.buttons.map((b) => new messages.Button(b.reply.id, b.reply.title))),
  list: (a) =>
    new messages.ActionList(
      a.button,
      ...a.sections.map(
        (s) => new messages.ListSection(s.title, ...s.rows.map((r) => new messages.Row(r.id, r.title, r.description))),
      ),
    ),
  location_request_message: () => new messages.ActionLocation(),
  cta_url: (a) => new messages.ActionCTA(a.parameters.display_text, a.parameters.url),
};

function header(given) {
  if (!given) return undefined;
  return new messages.Header(given.type === "text" ? given.text : new messages.Image(given.image.id, true));
}

function components(given) {
  return given.map((c) =>
    c.type === "body"
      ? new messages.BodyComponent(...c.parameters.map((p) => new messages.BodyParameter(p.text)))
      : new messages.PayloadComponent(c.parameters[0].payload),
  );
}

async function load(folder) {
  const path = createRequire(folder + "/").resolve("whatsapp-api-js/messages");
  return { messages: await import(path) };
}

// Internal fields of the library begin with an underscore; absent and undefined are the same.
// So are false and absent for previews of links, 0 and "0" for places, and a policy that is the only one there is.
const same = {
  preview_url: (v) => v || undefined,
  index: (v) => String(v),
  policy: () => undefined,
};
const plain = (value) =>
  JSON.parse(JSON.stringify(value, (key, v) => (key.startsWith("_") ? undefined : same[key] ? same[key](v) : v)));
const rows = (i) => (i.type === "list" ? i.action.sections.reduce((sum, s) => sum + s.rows.length, 0) : 0);

for await (const line of createInterface({ input: process.stdin })) {
  const payload = JSON.parse(line);
  let said = "";
  try {
    const theirs = build[payload.type](payload[payload.type]);
    const built = theirs._build ? JSON.parse(theirs._build()) : theirs;
    const wanted = plain(payload[payload.type]);
    if (!isDeepStrictEqual(plain(built), wanted)) said = "differs: " + JSON.stringify(plain(built));
    if (payload.type === "interactive" && rows(payload.interactive) > 10) said = "more than ten rows in all";
  } catch (error) {
    said = String(error.message ?? error);
  }
  console.log(JSON.stringify(said));
}
