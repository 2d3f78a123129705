// What runs beside the page: everything slow, and everything that sees a private key.

let box = null;
let keys = [];

const VERBS = {
  make: ({ holder, passphrase }) => madeKey(holder, passphrase),

  whose: ({ text }) => publicPart(text),

  async check({ text, passphrase }) {
    const { holder, print } = await unlocked(text, passphrase);
    return { holder, print };
  },

  read({ bytes }) {
    box = readExport(new Uint8Array(bytes));
    checkExport(box);
    const { title, opens_on, closes_on } = box.manifest;
    return {
      title, opens_on, closes_on,
      manifest: fingerprint(box.manifestText),
      closing: fingerprint(box.closingText),
      page: box.manifest.keys_page || "",
      holders: holdersOf(box.manifest),
      envelopes: box.envelopes.length,
      challenged: box.challenged.length,
    };
  },

  async challenges({ files }) {
    keys = [];
    for (const { text, passphrase } of files) keys.push(await unlocked(text, passphrase));
    const found = await decryptChallenges(box, keys);
    const readable = found.map(({ tracker, picks }) => ({
      tracker: printedTracker(tracker),
      opens: picks !== null,
      about: Object.entries(picks || {}).map(([subject, answers]) => ({
        name: box.names[subject] || subject,
        said: box.questionnaire.map((one) => [one.text, labelOf(one, (line) => answers[line])]),
      })),
    }));
    if (readable.some((one) => !one.opens)) [box, keys] = [null, []];
    return readable;
  },

  async open(_, progress) {
    const result = await decryptBox(box, keys, progress);
    const { head, print } = result.signed;
    const file = resultParts(result);
    [box, keys] = [null, []];
    return { file, print, head };
  },

  bind({ code }) {
    const meant = ticketCode(code);
    const nonce = hex(random(16));
    return { nonce, commitment: commitmentOf(meant, nonce) };
  },
};

self.onmessage = async ({ data: { number, verb, ...given } }) => {
  const progress = (done, total) => self.postMessage({ number, done, total });
  try {
    self.postMessage({ number, result: await VERBS[verb](given, progress) });
  } catch (error) {
    const known_ = error instanceof Refused;
    const refused = known_ ? { key: error.key, with_: error.with_ } : { key: "failed", with_: {} };
    self.postMessage({ number, refused, why: known_ ? "" : String(error) });
  }
};
