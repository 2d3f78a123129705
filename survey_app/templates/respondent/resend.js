(function () {
"use strict";
{# A form that was sent into a bad network waits on this device and is tried again, until
   it is counted, given up, or two days have passed. What arrives twice counts once. All
   else is as without it: whatever the server has to say is shown by sending once more
   as browsers do. Never on a device that many people share. Old phones read this. -#}
var form, box, timer, busy, tries = 0, key = "waiting" + location.pathname.toUpperCase(), store, LATER = 20000, KEPT = 48 * 3600000;

function waiting() {
  var all, good = [], n;
  try { all = JSON.parse(store.getItem(key)) || []; } catch (e) { all = []; }
  for (n = 0; n < all.length; n++) if (all[n].until > new Date().getTime()) good.push(all[n]);
  return good;
}

function keep(all) {
  try {
    if (all.length) store.setItem(key, JSON.stringify(all));
    else store.removeItem(key);
    return true;
  } catch (e) { return false; }
}

function tell(what) {
  box.textContent = what ? box.getAttribute("data-" + what) : "";
  box.hidden = !what;
  if (what !== "waits") return;
  box.appendChild(document.createElement("br"));
  button("now", attempt);
  button("never", forget);
}

function button(name, does) {
  var made = document.createElement("button");
  made.type = "button";
  made.id = name;
  made.textContent = box.getAttribute("data-" + name);
  made.onclick = does;
  box.appendChild(made);
}

function forget() {
  clearTimeout(timer);
  keep([]);
  tell("");
}

function asleep(part) {
  while (part && part !== form) {
    if (part.disabled) return true;
    part = part.parentNode;
  }
}

function fields() {
  var sent = [], n, one;
  for (n = 0; n < form.elements.length; n++) {
    one = form.elements[n];
    if (one.name && one.type !== "submit" && !asleep(one) && (one.checked || (one.type !== "radio" && one.type !== "checkbox"))) sent.push([one.name, one.value]);
  }
  return sent;
}

function body(sent) {
  var said = [], n;
  for (n = 0; n < sent.length; n++) said.push(encodeURIComponent(sent[n][0]) + "=" + encodeURIComponent(sent[n][1]));
  return said.join("&");
}

function asBrowsersDo(one) {
  var made = document.createElement("form"), n, field;
  made.method = "post";
  made.action = one.to;
  for (n = 0; n < one.sent.length; n++) {
    field = document.createElement("textarea");
    field.name = one.sent[n][0];
    field.value = one.sent[n][1];
    made.appendChild(field);
  }
  made.hidden = true;
  document.body.appendChild(made);
  made.submit();
}

function later() {
  busy = 0;
  tell("waits");
  clearTimeout(timer);
  timer = setTimeout(attempt, Math.min(60000, 2000 * Math.pow(2, tries++)));
}

function attempt() {
  var all = waiting(), one = all.shift(), ask;
  if (!one) return forget();
  if (busy) return;
  busy = 1;
  tell("sends");
  ask = new XMLHttpRequest();
  ask.open("POST", one.to);
  ask.timeout = LATER;
  ask.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
  ask.onload = function () {
    var to = ask.responseURL || "";
    if (ask.status > 501 && ask.status < 505) return later();
    busy = 0;
    keep(all);
    if (!/\/r\//i.test(to)) asBrowsersDo(one);
    else if (all.length) attempt();
    else location.href = to;
  };
  ask.onerror = ask.ontimeout = later;
  ask.send(body(one.sent));
}

function send(event) {
  var pressed = event.submitter || document.activeElement, id = form.elements.submission.value, all = waiting(), n;
  if (event.defaultPrevented || (pressed && pressed.name === "redraw")) return;
  for (n = all.length - 1; n >= 0; n--) if (all[n].id === id) all.splice(n, 1);
  all.unshift({id: id, to: form.action, sent: fields(), until: new Date().getTime() + KEPT});
  if (!keep(all)) return;
  event.preventDefault();
  tries = 0;
  attempt();
}

addEventListener("DOMContentLoaded", function () {
  form = document.getElementById("answers");
  box = document.getElementById("wait");
  if (!box || form.hasAttribute("data-shared") || !window.XMLHttpRequest) return;
  try { store = localStorage; store.getItem(key); } catch (e) { return; }
  form.addEventListener("submit", send);
  addEventListener("online", attempt);
  attempt();
});
})();
