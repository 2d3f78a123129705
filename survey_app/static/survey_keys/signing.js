// Ed25519 by the browser where it has it, otherwise by the library; scrypt by it.

const ED25519 = { name: "Ed25519" };
// What stands before the 32 bytes in a PKCS8 and in a public key of this kind.
const ED_PRIVATE = Uint8Array.of(48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32);
vendored.ed25519.hashes.sha512 = vendored.sha2.sha512;
let edInBrowser = null;

function browserSigns() {
  // Asked once, with a key whose public half is known from the RFC.
  if (edInBrowser === null)
    edInBrowser = (async () => {
      try {
        const seed = joined(ED_PRIVATE, new Uint8Array(32));
        const key = await crypto.subtle.importKey("pkcs8", seed, ED25519, false, ["sign"]);
        const made = await crypto.subtle.sign(ED25519, key, new Uint8Array());
        const public_ = vendored.ed25519.getPublicKey(new Uint8Array(32));
        return vendored.ed25519.verify(new Uint8Array(made), new Uint8Array(), public_);
      } catch {
        return false;
      }
    })();
  return edInBrowser;
}

async function sign(seed, message) {
  if (!(await browserSigns())) return vendored.ed25519.sign(message, seed);
  const key = await crypto.subtle.importKey(
    "pkcs8", joined(ED_PRIVATE, seed), ED25519, false, ["sign"]
  );
  return new Uint8Array(await crypto.subtle.sign(ED25519, key, message));
}

function isSigned(publicHex, message, signatureHex) {
  const [key, signature] = [bytesOfHex(publicHex, 32), bytesOfHex(signatureHex, 64)];
  if (!key || !signature) return false;
  try {
    return vendored.ed25519.verify(signature, message, key, { zip215: false });
  } catch {
    return false;
  }
}

const publicOf = (seed) => vendored.ed25519.getPublicKey(seed);

// The first of OWASP's scrypt settings: 128 MB and about a second.
const SCRYPT = { N: 2 ** 17, r: 8, p: 1, dkLen: 32, maxmem: 2 ** 28 };

function stretched(passphrase, salt) {
  const written = utf8(passphrase.normalize("NFKC"));
  return utf8(hex(vendored.scrypt.scrypt(written, salt, SCRYPT)));
}
