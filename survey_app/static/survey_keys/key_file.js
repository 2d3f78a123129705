// The key file of a key holder, byte for byte as `survey-keys` writes and reads it.

const [BITS, SMALLEST, LARGEST] = [3072, 2048, 8192];
const FORMAT_OF_KEYS = "survey-key-1";
const HOLDER_LIMIT = 200;
const OAEP = { name: "RSA-OAEP", hash: "SHA-256" };
const PUBLIC_FIELDS = ["holder", "sealing", "signing"];

// DER, as far as it is needed: a length, a thing of this tag, and the way back.
function der(tag, ...parts) {
  const content = joined(...parts);
  const size = content.length;
  if (size < 128) return joined(Uint8Array.of(tag, size), content);
  const digits = size < 256 ? [size] : [size >> 8, size & 255];
  return joined(Uint8Array.of(tag, 128 + digits.length, ...digits), content);
}

function derParts(bytes) {
  const parts = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at++];
    let size = bytes[at++];
    if (size > 127) {
      let digits = size - 128;
      if (digits > 3) throw new Refused("broken_key");
      for (size = 0; digits--; ) size = size * 256 + bytes[at++];
    }
    if (!(at + size <= bytes.length)) throw new Refused("broken_key");
    parts.push([tag, bytes.subarray(at, at + size)]);
    at += size;
  }
  return parts;
}

const oid = (...numbers) => der(6, Uint8Array.from(numbers));
const PBES2 = oid(42, 134, 72, 134, 247, 13, 1, 5, 13);
const PBKDF2 = oid(42, 134, 72, 134, 247, 13, 1, 5, 12);
const HMAC_SHA256 = oid(42, 134, 72, 134, 247, 13, 2, 9);
const AES256_CBC = oid(96, 134, 72, 1, 101, 3, 4, 1, 42);
const NULL = Uint8Array.of(5, 0);
const ROUNDS = 2048; // the passphrase was stretched before

function pem(label, bytes) {
  const lines = base64(bytes).match(/.{1,64}/g).join("\n");
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}

function bytesOfPem(label, text) {
  const [start, end] = [`-----BEGIN ${label}-----\n`, `-----END ${label}-----\n`];
  if (typeof text !== "string" || !text.startsWith(start) || !text.endsWith(end))
    throw new Refused("broken_key");
  try {
    return bytesOfBase64(text.slice(start.length, -end.length).replace(/\n/g, ""));
  } catch {
    throw new Refused("broken_key");
  }
}

async function cipherOf(password, salt, rounds) {
  const usages = ["deriveKey"];
  const base = await crypto.subtle.importKey("raw", password, "PBKDF2", false, usages);
  const how = { name: "PBKDF2", salt, iterations: rounds, hash: "SHA-256" };
  const kind = { name: "AES-CBC", length: 256 };
  return crypto.subtle.deriveKey(how, base, kind, false, ["encrypt", "decrypt"]);
}

async function locked(pkcs8, password) {
  const [salt, iv] = [random(16), random(16)];
  const cipher = await cipherOf(password, salt, ROUNDS);
  const sealed = await crypto.subtle.encrypt({ name: "AES-CBC", iv }, cipher, pkcs8);
  const rounds = der(2, Uint8Array.of(ROUNDS >> 8, ROUNDS & 255));
  const prf = der(48, HMAC_SHA256, NULL);
  const stretch = der(48, PBKDF2, der(48, der(4, salt), rounds, prf));
  const scheme = der(48, PBES2, der(48, stretch, der(48, AES256_CBC, der(4, iv))));
  const whole_ = der(48, scheme, der(4, new Uint8Array(sealed)));
  return pem("ENCRYPTED PRIVATE KEY", whole_);
}

async function opened(text, password) {
  const [[, whole_]] = derParts(bytesOfPem("ENCRYPTED PRIVATE KEY", text));
  const [[, scheme], [, sealed]] = derParts(whole_);
  const [pbes, [, how]] = derParts(scheme);
  const [[, stretch], [, cipher]] = derParts(how);
  const [kdf, [, parameters]] = derParts(stretch);
  const [[, salt], [, rounds], ...more] = derParts(parameters);
  const [aes, [, iv]] = derParts(cipher);
  const [[, prf]] = more.slice(-1);
  const same = (part, wanted) => compared(der(part[0], part[1]), wanted) === 0;
  const ours =
    same(pbes, PBES2) && same(kdf, PBKDF2) && same(aes, AES256_CBC) &&
    compared(prf, joined(HMAC_SHA256, NULL)) === 0;
  if (!ours) throw new Refused("broken_key");
  const times = rounds.reduce((sum, byte) => sum * 256 + byte, 0);
  const key = await cipherOf(password, salt, times);
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-CBC", iv }, key, sealed));
  } catch {
    throw new Refused("wrong_passphrase");
  }
}

function nameOfHolder(typed) {
  const name = typed.trim();
  const unseen = /(?![ \u3000])[\p{C}\p{Z}]/u.test(name);
  const bad = !name || Array.from(name).length > HOLDER_LIMIT || unseen;
  if (bad || /[\\/:*?"<>|]/.test(name)) throw new Refused("holder_name");
  return name;
}

const checksumOf = (content) => fingerprint(canonical(content));
const publicFingerprint = (public_) => fingerprint(canonical(public_));

async function madeKey(typed, passphrase) {
  const holder = nameOfHolder(typed);
  refuseWeak(passphrase, [holder]);
  const size = { modulusLength: BITS, publicExponent: Uint8Array.of(1, 0, 1) };
  const pair = await crypto.subtle.generateKey({ ...OAEP, ...size }, true, ["encrypt", "decrypt"]);
  const seed = random(32);
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey));
  const public_ = { holder, sealing: pem("PUBLIC KEY", spki), signing: hex(publicOf(seed)) };
  const salt = random(16);
  const password = stretched(passphrase, salt);
  const content = {
    format: FORMAT_OF_KEYS,
    public: public_,
    salt: hex(salt),
    sealing: await locked(pkcs8, password),
    signing: await locked(joined(ED_PRIVATE, seed), password),
  };
  content.checksum = checksumOf(content);
  const text = JSON.stringify(content, null, 1) + "\n";
  await unlocked(text, passphrase); // a file that cannot be opened is worse than none
  return { holder, text, public_: canonical(public_), print: publicFingerprint(public_) };
}

function parsed(text, key) {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    throw new Refused(key);
  }
}

function wholeKeyFile(text) {
  const content = parsed(text, "no_key");
  if (content === null || typeof content !== "object" || !content.format)
    throw new Refused("no_key");
  if (content.format !== FORMAT_OF_KEYS) throw new Refused("later_file");
  known(content, ["format", "public", "salt", "sealing", "signing", "checksum"]);
  const { checksum, ...rest } = content;
  if (checksum !== checksumOf(rest)) throw new Refused("broken_key");
  known(content.public, PUBLIC_FIELDS);
  return content;
}

function publicPart(text) {
  const { public: public_ } = wholeKeyFile(text);
  return { holder: public_.holder, print: publicFingerprint(public_) };
}

async function rsaOf(pkcs8, public_) {
  const private_ = await crypto.subtle.importKey("pkcs8", pkcs8, OAEP, true, ["decrypt"]);
  const { n, e } = await crypto.subtle.exportKey("jwk", private_);
  const jwk = { kty: "RSA", n, e };
  const public2 = await crypto.subtle.importKey("jwk", jwk, OAEP, true, ["encrypt"]);
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", public2));
  const { modulusLength } = public2.algorithm;
  const fits = pem("PUBLIC KEY", spki) === public_.sealing && e === "AQAB";
  if (!fits || modulusLength < SMALLEST || modulusLength > LARGEST || modulusLength % 8)
    throw new Refused("broken_key");
  const once = await crypto.subtle.importKey("pkcs8", pkcs8, OAEP, false, ["decrypt"]);
  return { key: once, size: modulusLength / 8 };
}

async function unlocked(text, passphrase) {
  const content = wholeKeyFile(text);
  const salt = bytesOfHex(content.salt, 16);
  if (!salt) throw new Refused("broken_key");
  const password = stretched(passphrase, salt);
  const pkcs8 = await opened(content.sealing, password);
  const signing = await opened(content.signing, password);
  if (signing.length !== 48 || compared(signing.subarray(0, 16), ED_PRIVATE))
    throw new Refused("broken_key");
  const seed = signing.slice(16);
  if (hex(publicOf(seed)) !== content.public.signing) throw new Refused("broken_key");
  const rsa = await rsaOf(pkcs8, content.public);
  const print = publicFingerprint(content.public);
  return { holder: content.public.holder, print, rsa, seed };
}
