// The page itself: what is typed and chosen goes to the worker, and nowhere else.

const $ = (id) => document.getElementById(id);
const spoken = () => (document.documentElement.lang === "en" ? 1 : 0);
const words = (key, with_ = {}) =>
  (WORDS[key] || [key, key])[spoken()].replace(/\{(\w+)\}/g, (_, name) => with_[name] ?? "");
const label = ({ zh, en }) => [zh, en][spoken()] || zh || en;

function element(name, text = "", attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

// Said in both languages, so that a change of language changes it too.
function both(name, key, with_ = {}) {
  const made = element(name);
  for (const [at, lang] of ["zh-CN", "en"].entries()) {
    const said = WORDS[key][at].replace(/\{(\w+)\}/g, (_, blank) => with_[blank] ?? "");
    made.append(element("span", said, { lang }));
  }
  return made;
}

const beside = (() => {
  const core = $("core").textContent + "\n" + $("beside").textContent;
  const address = URL.createObjectURL(new Blob([core], { type: "text/javascript" }));
  let worker = null;
  let last = 0;
  const waiting = new Map();
  const start = () => {
    worker = new Worker(address);
    worker.onmessage = ({ data: { number, ...told } }) => {
      const { done, failed, progress } = waiting.get(number);
      if (told.total !== undefined) return progress(told.done, told.total);
      waiting.delete(number);
      if (told.refused) failed(told);
      else done(told.result);
    };
    worker.onerror = () => {
      for (const { failed } of waiting.values()) failed({ refused: { key: "failed", with_: {} } });
      waiting.clear();
    };
  };
  return {
    ask(verb, given = {}, progress = () => {}) {
      if (!worker) start();
      return new Promise((done, failed) => {
        waiting.set(++last, { done, failed, progress });
        worker.postMessage({ number: last, verb, ...given });
      });
    },
    // Keys and ballots are gone with it.
    forget() {
      if (worker) worker.terminate();
      worker = null;
    },
  };
})();

function tell(place, ...children) {
  $(place).replaceChildren(...children);
}

function refuse(place, told) {
  const { key, with_ } = told.refused || { key: "failed", with_: {} };
  const said = [both("p", key, with_)];
  if (told.why) said.push(element("p", told.why, { class: "small" }));
  tell(place, ...said);
  $(place).className = "said wrong";
}

function download(name, parts, key) {
  const type = "application/json";
  const address = URL.createObjectURL(new Blob(parts, { type }));
  const link = both("a", key, { name });
  link.href = address;
  link.download = name;
  link.className = "button";
  return link;
}

const inGroups = (print) => print.match(/.{8}/g).join(" ");
const printed = (key, print) => {
  const line = both("p", key);
  line.append(element("code", inGroups(print)));
  return line;
};

// One thing at a time: the button waits, and what was said before goes.
async function during(form, place, act) {
  const buttons = [...form.querySelectorAll("button")];
  for (const one of buttons) one.disabled = true;
  $(place).className = "said";
  tell(place, both("p", "working"));
  try {
    await act();
  } catch (told) {
    refuse(place, told);
  }
  for (const one of buttons) one.disabled = false;
}

function onSend(id, place, act) {
  const form = $(id);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    during(form, place, () => act(form));
  });
}

const forgetTyped = (form) => {
  for (const one of form.querySelectorAll("input[type=password]")) one.value = "";
};

let unsaved = false;
addEventListener("beforeunload", (event) => unsaved && event.preventDefault());

onSend("make", "made", async (form) => {
  const [holder, passphrase, again] = ["holder", "new", "again"].map((name) => form.elements[name].value);
  if (passphrase !== again) throw { refused: { key: "not_same", with_: {} } };
  const key = await beside.ask("make", { holder, passphrase });
  forgetTyped(form);
  unsaved = true;
  const file = download(`${key.holder}.key.json`, [key.text], "save_private");
  file.addEventListener("click", () => (unsaved = false));
  const public_ = download(`${key.holder}.public.json`, [key.public_, "\n"], "save_public");
  tell("made", both("p", "made"), file, public_, printed("fingerprint", key.print), both("p", "made_next"));
  $("made").className = "said good";
});

const readText = async (input) => {
  if (!input.files.length) throw { refused: { key: "no_file", with_: {} } };
  return input.files[0].text();
};

onSend("check", "checked", async (form) => {
  const text = await readText(form.elements.file);
  const key = await beside.ask("check", { text, passphrase: form.elements.passphrase.value });
  forgetTyped(form);
  tell("checked", both("p", "checked", { holder: key.holder }), printed("fingerprint", key.print));
  $("checked").className = "said good";
});

$("export").addEventListener("change", () =>
  during($("keys"), "read", async () => {
    $("keys").hidden = true;
    tell("opened");
    beside.forget();
    const [file] = $("export").files;
    if (!file) return tell("read");
    const facts = await beside.ask("read", { bytes: await file.arrayBuffer() });
    const names = facts.holders.map((one) => one.name).join("、");
    tell(
      "read",
      both("p", "read", { ...facts, names }),
      printed("manifest_print", facts.manifest),
      printed("closing_print", facts.closing),
      ...(facts.page ? [printed("page_print", facts.page)] : []),
      both("p", "compare_wall")
    );
    $("keys").replaceChildren(...facts.holders.flatMap(fieldsOf), both("button", "start"));
    $("keys").hidden = false;
  })
);

function fieldsOf({ name }, at) {
  const file = element("input", "", { type: "file", name: `file${at}`, accept: ".json", required: "" });
  const passphrase = element("input", "", {
    type: "password", name: `passphrase${at}`, autocomplete: "off", required: "",
  });
  const set = element("fieldset");
  set.append(element("legend", name));
  for (const [key, input] of [["key_file", file], ["passphrase", passphrase]]) {
    const line = element("label");
    line.append(both("span", key), input);
    set.append(line);
  }
  return [set];
}

onSend("keys", "opened", async (form) => {
  const files = [];
  for (const input of form.querySelectorAll("input[type=file]")) {
    const passphrase = form.elements[input.name.replace("file", "passphrase")].value;
    files.push({ text: await readText(input), passphrase });
  }
  const challenges = await beside.ask("challenges", { files });
  forgetTyped(form);
  if (challenges.some((one) => !one.opens)) throw { refused: { key: "challenge_shut", with_: {} } };
  if (!challenges.length) return open();
  tell("opened", both("p", "compare"), ...challenges.map(challengeTable), agreement());
});

function challengeTable({ tracker, about }) {
  const table = element("table");
  table.append(both("caption", "challenge", { tracker }));
  for (const { name, said } of about) {
    const head = table.insertRow();
    head.append(element("th", name, { colspan: 2, scope: "rowgroup" }));
    for (const [question, choice] of said) {
      const row = table.insertRow();
      row.append(element("td", label(question)), element("td", label(choice)));
    }
  }
  return table;
}

function agreement() {
  const box = element("div", "", { class: "agree" });
  const tick = element("input", "", { type: "checkbox", id: "agree" });
  const line = element("label");
  const go = both("button", "open_rest");
  go.type = "button";
  go.disabled = true;
  line.append(tick, both("span", "auditors_agree"));
  tick.addEventListener("change", () => (go.disabled = !tick.checked));
  go.addEventListener("click", () => during($("keys"), "opened", open));
  box.append(line, go);
  return box;
}

async function open() {
  const bar = element("progress", "", { max: 1, value: 0, "aria-label": words("working") });
  const said = element("p");
  tell("opened", both("p", "opening"), bar, said);
  const { file, print, head } = await beside.ask("open", {}, (done, total) => {
    [bar.max, bar.value] = [total, done];
    said.textContent = `${done} / ${total}`;
  });
  beside.forget();
  $("keys").hidden = true;
  const save = download("opened.json", file, "save_result");
  unsaved = true;
  save.addEventListener("click", () => (unsaved = false));
  tell("opened", both("p", "opened"), save, printed("head_print", print), batchTable(head), both("p", "opened_next"));
  $("opened").className = "said good";
}

function batchTable(head) {
  const table = element("table");
  const top = table.insertRow();
  for (const key of ["batch", "issued", "used", "counted"]) top.append(both("th", key));
  for (const one of head.batches) {
    const row = table.insertRow();
    const counted = one.used - one.spoiled - (one.invalid || 0);
    const said = [one.batch_id.slice(0, 8), one.issued, one.used];
    row.append(...said.map((cell) => element("td", cell)));
    row.append(one.void ? both("td", "void") : element("td", counted));
  }
  const box = element("div", "", { class: "wide" });
  box.append(table);
  return box;
}

onSend("bind", "bound", async (form) => {
  const { nonce, commitment } = await beside.ask("bind", { code: form.elements.code.value });
  tell("bound", printed("nonce", nonce), printed("commitment", commitment));
  $("bound").className = "said good";
});

function speak(language) {
  document.documentElement.lang = language;
  document.title = words("title");
}

for (const one of document.querySelectorAll("[data-speak]"))
  one.addEventListener("click", () => speak(one.dataset.speak));
speak(new URLSearchParams(location.search).get("lang") === "en" ? "en" : "zh-CN");
$("saving").hidden = location.protocol === "file:";
if (!globalThis.isSecureContext || !globalThis.crypto || !crypto.subtle) {
  $("unfit").hidden = false;
  $("work").hidden = true;
}
