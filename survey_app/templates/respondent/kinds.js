(function () {
"use strict";
{# Three things for pages with more than plain ratings, and for pages that came back: a
   question that depends on an earlier one is seen only where it is asked; ticks are kept
   through a reload by the script that keeps all else, which knows none; going back never
   ends in the browser's question whether to send once more. All is done without just as
   well, but for the last. Old phones read this. -#}
var form = document.getElementById("answers"), values = [], ticks, n, one;

if (history.replaceState && document.querySelector(".problem")) history.replaceState(null, "", location.href);
if (!form) return;

function picked(name) {
  var n, one;
  for (n = 0; n < form.elements.length; n++) {
    one = form.elements[n];
    if (one.name === name && one.type === "radio" && one.checked) return one.value.replace(/\.+$/, "");
  }
}

function show() {
  var parts = form.querySelectorAll("[data-if]"), n, m, part, inner, one, asked;
  for (n = 0; n < parts.length; n++) {
    part = parts[n];
    asked = part.getAttribute("data-choices").split(" ").indexOf(picked(part.getAttribute("data-if"))) >= 0;
    part.style.display = asked ? "" : "none";
    inner = part.querySelectorAll("input, textarea");
    for (m = 0; m < inner.length; m++) {
      one = inner[m];
      if (one.type !== "radio") one.disabled = !asked;
      else if (!asked) one.checked = /^(blank|not_asked|unticked)\.*$/.test(one.value);
    }
  }
}

function keep() {
  var said = "", n;
  for (n = 0; n < values.length; n++) said += values[n][0].checked ? "1" : "0";
  if (ticks) ticks.value = said;
}

for (n = 0; n < form.elements.length; n++) {
  one = form.elements[n];
  if (one.type === "checkbox") values.push([one, one.value]);
}
if (values.length) {
  ticks = document.createElement("input");
  ticks.type = "hidden";
  form.appendChild(ticks);
  keep();
}
{# As long as any other: who watches the network sees how much is sent. -#}
function pad() {
  var numbers = form.querySelectorAll("[data-pad]"), n, one;
  for (n = 0; n < numbers.length; n++) {
    one = numbers[n];
    if (one.disabled) one.value = "";
    one.disabled = false;
    while (one.value.length < 3) one.value += ".";
  }
}

form.addEventListener("submit", pad);
form.addEventListener("change", keep, true);
form.addEventListener("change", show);
addEventListener("pageshow", function () {
  var n;
  for (n = 0; n < values.length; n++) {
    values[n][0].value = values[n][1];
    if (ticks.value.length === values.length) values[n][0].checked = ticks.value.charAt(n) === "1";
  }
  show();
});
show();
})();
