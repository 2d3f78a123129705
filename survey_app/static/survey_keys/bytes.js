// Bytes, texts and the one canonical JSON text that everything is hashed over.

class Refused extends Error {
  // `key` names a sentence of words.json; `with_` fills its blanks.
  constructor(key, with_ = {}) {
    super(key);
    this.key = key;
    this.with_ = with_;
  }
}

const ENCODER = new TextEncoder();
const utf8 = (text) => ENCODER.encode(text);
const textOf = (bytes) =>
  new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const hex = (bytes) => Array.from(bytes, (byte) => HEX[byte]).join("");

function bytesOfHex(text, size) {
  const fits = typeof text === "string" && /^(?:[0-9a-f]{2})*$/.test(text);
  if (!fits || (size !== undefined && text.length !== size * 2)) return null;
  return Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
}

function base64(bytes) {
  const parts = [];
  for (let at = 0; at < bytes.length; at += 32768)
    parts.push(String.fromCharCode(...bytes.subarray(at, at + 32768)));
  return btoa(parts.join(""));
}

function bytesOfBase64(text) {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let at = 0; at < raw.length; at++) bytes[at] = raw.charCodeAt(at);
  return bytes;
}

function random(size) {
  const bytes = new Uint8Array(size);
  crypto.getRandomValues(bytes);
  return bytes;
}

const { sha256 } = vendored.sha2;
const sha = (...parts) => sha256(parts.length === 1 ? parts[0] : joined(...parts));

function compared(one, other) {
  const size = Math.min(one.length, other.length);
  for (let at = 0; at < size; at++) if (one[at] !== other[at]) return one[at] - other[at];
  return one.length - other.length;
}

// Texts in the order of their characters; JavaScript would compare halves of some.
function byCharacter(one, other) {
  const [a, b] = [Array.from(one), Array.from(other)];
  for (let at = 0; at < Math.min(a.length, b.length); at++)
    if (a[at] !== b[at]) return a[at].codePointAt(0) - b[at].codePointAt(0);
  return a.length - b.length;
}

function quoted(text) {
  if (/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text))
    throw new Refused("broken_file");
  return JSON.stringify(text);
}

function whole(number) {
  if (!Number.isSafeInteger(number)) throw new Refused("broken_file");
  return String(number);
}

// JSON with sorted keys and nothing but plain characters. `colon` and `comma` are wider
// in the texts of the questionnaire.
function canonical(value, comma = ",", colon = ":") {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number") return whole(value);
  const inner = (part) => canonical(part, comma, colon);
  if (Array.isArray(value)) return `[${value.map(inner).join(comma)}]`;
  const keys = Object.keys(value).sort(byCharacter);
  return `{${keys.map((key) => quoted(key) + colon + inner(value[key])).join(comma)}}`;
}

const fingerprint = (text) => hex(sha(utf8(text)));

// An object without the names every object has: a question may be called "constructor".
const bare = (entries = []) => {
  const made = Object.create(null);
  for (const [key, value] of entries) made[key] = value;
  return made;
};

// What stands in a file of ours; only what could have been written is read.
function known(value, needed, optional = []) {
  const object = value !== null && typeof value === "object" && !Array.isArray(value);
  if (!object) throw new Refused("broken_file");
  const keys = Object.keys(value);
  if (needed.some((key) => !keys.includes(key))) throw new Refused("broken_file");
  if (keys.some((key) => !needed.includes(key) && !optional.includes(key)))
    throw new Refused("later_file");
  return value;
}

// RFC 6962, section 2.1, over the sorted, distinct leaves.
function merkleRoot(leaves) {
  const sorted = leaves.slice().sort(compared);
  const distinct = sorted.filter((one, at) => !at || compared(one, sorted[at - 1]));
  if (!distinct.length) return sha(new Uint8Array());
  const [LEAF, NODE] = [Uint8Array.of(0), Uint8Array.of(1)];
  let level = distinct.map((leaf) => sha(LEAF, leaf));
  while (level.length > 1) {
    const above = [];
    for (let at = 0; at + 1 < level.length; at += 2)
      above.push(sha(NODE, level[at], level[at + 1]));
    if (level.length % 2) above.push(level[level.length - 1]);
    level = above;
  }
  return level[0];
}
