(function () {
"use strict";
{# While somebody reads, the browser finds the number that the challenge asks for, away
   from the page's own thread. Whoever sends before it is found waits for it, but not
   for long; where it cannot be found the form is sent without. No arrow functions. -#}
var form = document.getElementById("answers"), field = form.elements.proof, served = field.value;
var button, label, found, waits, subtle = window.crypto && crypto.subtle;

function bytes(text) {
  var out = new Uint8Array(text.length / 2), n;
  for (n = 0; n < out.length; n++) out[n] = parseInt(text.substr(2 * n, 2), 16);
  return out;
}

function hex(out) {
  var text = "", n;
  for (n = 0; n < out.length; n++) text += (out[n] < 16 ? "0" : "") + out[n].toString(16);
  return text;
}

function over() {
  found = 1;
  if (!waits) return;
  waits = 0;
  button.textContent = label;
  button.click();
}

function solve(sent) {
  var part = sent.split("."), start = bytes(part[0]), word = new Uint8Array(start.length + 4), counter = 0;
  var asks = {name: "PBKDF2", hash: "SHA-256", salt: bytes(part[1]), iterations: +field.getAttribute("data-cost")};
  word.set(start);
  function next() {
    new DataView(word.buffer).setUint32(start.length, counter);
    subtle.importKey("raw", word, "PBKDF2", false, ["deriveBits"]).then(function (key) {
      return subtle.deriveBits(asks, key, 256);
    }).then(function (bits) {
      var out = new Uint8Array(bits);
      if (out[0]) { counter++; return void next(); }
      if (field.value === sent) field.value = sent + "." + counter + "." + hex(out);
      over();
    }).then(null, over);
  }
  next();
}

function press(event) {
  if (found) return;
  event.preventDefault();
  if (waits) return;
  waits = 1;
  label = button.textContent;
  button.textContent = field.getAttribute("data-waits");
  setTimeout(over, 8000);
}

addEventListener("pageshow", function () {
  if (button || !form.contains(field)) return;
  button = form.querySelector(".send");
  if (!form.hasAttribute("data-fresh")) field.value = served;
  found = !subtle || !button || field.value.split(".").length !== 4;
  if (found) return;
  button.addEventListener("click", press);
  solve(field.value);
  if (field.hasAttribute("data-again")) button.click();
});
})();
