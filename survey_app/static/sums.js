// What the weights add up to while somebody types; the server adds them up anyway.
"use strict";
{
  const number = (text) => {
    const found = /^(\d{1,18})(?:\.(\d{1,18})|\/0*([1-9]\d{0,17}))?$/.exec(text.trim());
    if (!found) return null;
    if (found[3]) return [BigInt(found[1]), BigInt(found[3])];
    const part = found[2] || "";
    return [BigInt(found[1] + part), 10n ** BigInt(part.length)];
  };
  const told = ([over, under]) => {
    const sign = over < 0n ? "-" : "";
    let rest = over < 0n ? -over : over;
    for (let places = 0; places < 5; places += 1) {
      const times = 10n ** BigInt(places);
      if ((rest * times) % under === 0n) {
        const digits = String((rest * times) / under).padStart(places + 1, "0");
        return sign + (places ? `${digits.slice(0, -places)}.${digits.slice(-places)}` : digits);
      }
    }
    return `${sign}${rest}/${under}`;
  };
  const minus = (one, other) => [one[0] * other[1] - other[0] * one[1], one[1] * other[1]];
  const inputs = [...document.querySelectorAll("input.weight")];
  const show = () => {
    for (const output of document.querySelectorAll("output[data-sum-of]")) {
      let sum = [0n, 1n];
      for (const input of inputs) {
        if (input.dataset.in !== output.dataset.sumOf || input.dataset.post !== output.dataset.post) continue;
        const same = input.closest("tr").querySelector('input.weight[data-post="principal"]');
        const typed = number(input.value || same.value);
        sum = typed && sum ? [sum[0] * typed[1] + typed[0] * sum[1], sum[1] * typed[1]] : null;
      }
      const wanted = number(output.dataset.wanted);
      output.textContent = sum ? told(sum) : "—";
      if (!sum || !wanted) continue;
      const rest = minus(wanted, sum);
      const words = rest[0] > 0n ? output.dataset.more : output.dataset.less;
      const how = rest[0] ? `${words} ${told(rest[0] < 0n ? [-rest[0], rest[1]] : rest)}` : output.dataset.fits;
      output.textContent += ` (${how})`;
    }
  };
  document.addEventListener("input", show);
}
