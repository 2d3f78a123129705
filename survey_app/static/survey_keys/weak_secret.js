// Which passphrases are guessed first: the same judgement as everywhere in the house.
// GUESSED holds its words and rows of keys.

const [SHORTEST, PIECE, ENOUGH] = [12, 2, 10];
const LOOKS_LIKE = new Map([..."@4301!5$78"].map((seen, at) => [seen, "aaeoiisstb"[at]]));
const YEARS =
  /(?:19|20)\d\d(?:(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])?)?|(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?:19|20)\d\d/gu;
const FORMS = [YEARS, /1[3-9]\d{9}/gu, /(.{1,8}?)\1+/gsu];
const isLetter = (one) => /[\p{L}\p{N}]/u.test(one);

function wordsOf(names) {
  const parts = names.flatMap((name) => [
    name, ...name.split(/[^\p{L}\p{N}]+/u), name.replace(/[^\p{L}\p{N}]+/gu, ""),
  ]);
  const words = parts.map((part) => part.normalize("NFKC").toLowerCase().trim());
  return words.filter((word) => Array.from(word).length > 1);
}

function* piecesOf(text, words) {
  const plain = text.map((one) => LOOKS_LIKE.get(one) || one);
  const longest = Math.max(0, ...Array.from(words, (word) => Array.from(word).length));
  for (let start = 0; start < text.length; start++) {
    for (let end = start + 2; end <= Math.min(text.length, start + longest); end++) {
      const said = text.slice(start, end);
      const seen = [said, plain.slice(start, end), said.slice().reverse()];
      if (seen.some((one) => words.has(one.join("")))) yield [start, end];
    }
    for (const row of GUESSED.rows)
      for (let end = start + 3; end <= text.length; end++) {
        if (!row.includes(text.slice(start, end).join(""))) break;
        yield [start, end];
      }
  }
  const written = text.join("");
  const placed = (at) => Array.from(written.slice(0, at)).length;
  for (const form of FORMS)
    for (const found of written.matchAll(form))
      yield [placed(found.index), placed(found.index + found[0].length)];
}

function toldIn(written, words) {
  const text = Array.from(written);
  const least = Array.from({ length: text.length + 1 }, (_, at) => at);
  const ends = text.map(() => new Set());
  for (const [start, end] of piecesOf(text, words)) ends[start].add(end);
  for (let start = 0; start < text.length; start++) {
    least[start + 1] = Math.min(least[start + 1], least[start] + 1);
    for (const end of ends[start]) least[end] = Math.min(least[end], least[start] + PIECE);
  }
  return least[text.length];
}

function refuseWeak(passphrase, names) {
  const written = passphrase.normalize("NFKC");
  if (Array.from(written).length < SHORTEST) throw new Refused("weak_short");
  const [text, words] = [written.toLowerCase(), new Set([...GUESSED.words, ...wordsOf(names)])];
  const bare_ = Array.from(text).filter(isLetter).join("");
  const between = new Set(Array.from(text).filter((one) => !isLetter(one))).size;
  const single = bare_.replace(/(.)\1+/gsu, "$1");
  const apart = Math.min(toldIn(bare_, words), toldIn(single, words) + 1);
  const surprise = Math.min(toldIn(text, words), apart + Math.max(0, between - 1));
  if (surprise < ENOUGH) throw new Refused("weak_guessed");
}
