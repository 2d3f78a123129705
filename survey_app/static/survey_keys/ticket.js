// The code on a slip, as an auditor types it: 24 symbols and one that checks them.

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

function ticketCode(typed) {
  const plain = typed.normalize("NFKC").toUpperCase().replace(/[\s\-–—_.·]/g, "");
  const code = plain.replace(/[OIL]/g, (one) => (one === "O" ? "0" : "1"));
  if (code.length !== 25 || [...code].some((one) => !ALPHABET.includes(one)))
    throw new Refused("no_ticket");
  let total = 0;
  for (const symbol of [...code.slice(0, 24)].reverse()) {
    total = (total ^ ALPHABET.indexOf(symbol)) << 1;
    if (total & 32) total ^= 0b100101;
  }
  if (ALPHABET[total] !== code[24]) throw new Refused("no_ticket");
  return code;
}

// A tracker as it is printed on a receipt: its first 100 bits.
function printedTracker(trackerHex) {
  const number = BigInt("0x" + trackerHex) >> 156n;
  const symbols = Array.from({ length: 20 }, (_, at) => ALPHABET[Number((number >> BigInt(95 - 5 * at)) & 31n)]);
  return symbols.join("").match(/.{5}/g).join("-");
}
