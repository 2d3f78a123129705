(function () {
"use strict";
{# Three things only a script can do: keep a half-filled form through a reload, within
   this tab; empty a form that is counted when Back brings it up again; say while
   somebody types how many characters are too many. All is done without just as well.
   Old phones read this: no arrow functions. -#}
var form, id, store, shared, pressed, here = location.pathname.toUpperCase();
try { store = sessionStorage; store.setItem("try", ""); store.removeItem("try"); } catch (e) { store = null; }

function get(name) { return store && store.getItem(name) || ""; }
function put(name, text) {
  try { if (text) store.setItem(name, text); else store.removeItem(name); } catch (e) {}
}

function save() {
  var kept = {}, n, one;
  for (n = 0; n < form.elements.length; n++) {
    one = form.elements[n];
    if (one.type !== "submit" && (one.type !== "radio" || one.checked)) kept[one.name] = one.value;
  }
  put(here, JSON.stringify(kept));
}

function restore(done) {
  var kept, n, one;
  try { kept = JSON.parse(get(here)); } catch (e) { return; }
  if (done.indexOf(kept.submission) >= 0) return put(here);
  if (!form.hasAttribute("data-fresh") && kept.submission !== id.value) return;
  for (n = 0; n < form.elements.length; n++) {
    one = form.elements[n];
    if (one.type === "radio") one.checked = kept[one.name] === one.value;
    else if (one.type !== "submit" && one.name in kept) one.value = kept[one.name];
  }
}

function count() {
  var over = document.getElementById("over"), most = +over.getAttribute("data-most"), more = 0, cut = typeof Intl !== "undefined" && Intl.Segmenter;
  var text = form.elements.comment.value.replace(/[^\S\n]+/g, " ").replace(/ ?\n ?/g, "\n").replace(/\n{3,}/g, "\n\n").trim();
  if (cut && text.length > most) more = Array.from(new cut().segment(text)).length - most;
  text = more > 0 ? over.getAttribute("data-says").replace("#", more) : "";
  if (text !== over.textContent) over.textContent = text;
}

function changed() {
  if (!shared) save();
  count();
}

function look(event) {
  pressed = "look";
  if (!store || shared) return;
  save();
  event.preventDefault();
  location.replace(this.getAttribute("formaction"));
}

function send(event) {
  var now = new Date().getTime();
  if (pressed === "look") pressed = 0;
  else if (now - pressed < 10000) event.preventDefault();
  else {
    pressed = now;
    put("sent", id.value + here);
  }
}

function begin(done) {
  var looks = document.querySelectorAll("button[name=redraw]"), n;
  shared = form.hasAttribute("data-shared");
  if (!shared) restore(done);
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", send);
  for (n = 0; n < looks.length; n++) looks[n].addEventListener("click", look);
  count();
}

addEventListener("pageshow", function () {
  var first = !form, done = get("done"), sent = get("sent");
  pressed = 0;
  if (sent && document.querySelector(".receipt")) {
    put("done", done = (done + sent.slice(0, 32)).slice(-3200));
    put(sent.slice(32));
  }
  put("sent");
  form = document.getElementById("answers");
  if (!form) return;
  id = form.elements.submission;
  if (done.indexOf(id.value) >= 0) {
    form.innerHTML = "";
    location.replace(location.pathname + location.search);
  } else if (first) begin(done);
});
})();
