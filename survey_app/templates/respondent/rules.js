(function () {
"use strict";
{# Says before sending which rule a form breaks, as the server would, and counts while
   somebody fills it in. Nothing is sent or kept for it. Old phones read this. -#}
var form = document.getElementById("answers"), pressed;

function has(list, one) { return list.indexOf(one) >= 0; }

function governs(rule, name) {
  var dot = name.indexOf("."), subject = name.slice(0, dot < 0 ? 0 : dot);
  return name !== "subject" && (!rule.subject || rule.subject === subject) &&
    (!rule.questions.length || has(rule.questions, name.slice(dot + 1)));
}

{# As ballot_rules.py judges it: what is not rated counts for nothing. -#}
function judge(rule) {
  var n, one, value, names = {}, marks = 0, made = 0, used = 0, rated = 0, first, same = true, off;
  for (n = 0; n < form.elements.length; n++) {
    one = form.elements[n];
    if (one.type !== "radio" || !governs(rule, one.name)) continue;
    if (!has(Object.keys(names), one.name)) { names[one.name] = 1; marks++; }
    if (!one.checked) continue;
    value = one.value.replace(/\.+$/, "");
    made++;
    if (has(rule.choices, value)) used++;
    if (has(["abstain", "dont_know", "blank", "not_asked"], value)) continue;
    if (!rated++) first = value;
    same = same && value === first;
  }
  if (rule.kind === "at-most") off = used > rule.limit;
  else if (rule.kind === "at-least") off = rated && used + marks - made < rule.limit;
  else off = marks === made && rated > 1 && same;
  return { used: used, off: off, more: rule.kind === "not-all-equal" ? 1 : Math.abs(used - rule.limit) };
}

function tell(sending) {
  var all = document.querySelectorAll("[data-rule]"), n, item, rule, found, error, first;
  for (n = 0; n < all.length; n++) {
    item = all[n];
    rule = JSON.parse(item.getAttribute("data-rule"));
    found = judge(rule);
    error = item.querySelector(".error");
    item.querySelector("span").textContent = rule.used.replace("{used}", found.used);
    if (!found.off || sending || error.textContent) {
      error.textContent = found.off ? rule.broken.replace("{used}", found.used).replace("{more}", found.more) : "";
      item.className = found.off ? "flaw" : "";
    }
    if (found.off) first = first || item;
  }
  return first;
}

document.addEventListener("click", function (event) { pressed = event.target; }, true);
document.addEventListener("submit", function (event) {
  var by = event.submitter || pressed, first;
  if (event.target !== form || by && by.name === "redraw" || !(first = tell(true))) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  first.focus();
}, true);
form.addEventListener("change", function () { tell(); });
addEventListener("pageshow", function () { tell(); });
})();
