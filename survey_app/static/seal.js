// Seals a ballot on the device it was filled in on: to both keys, in the very form in
// which the server would (envelope.py, ballot.py). Sent are the code, what names the
// page, and ciphertext of a length that depends on the form alone. The same bytes for
// everybody; their SHA-256 stands in the opening manifest.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const same = byId("same-receipt");
  // The tab's own name is sent to nobody, and stands in no history.
  const made = window.name.startsWith("receipt=") && window.name.slice(8);
  if (made) window.name = "";
  if (same && made) {
    (made === same.dataset.tracker ? same : byId("other-receipt")).hidden = false;
  }
  const form = byId("answers");
  const asked = byId("sealing");
  if (!form || !asked || !window.isSecureContext || !window.crypto || !crypto.subtle) return;

  const { keys, aad, size, room, questions, subjects, commented, rules, words, limit } =
    JSON.parse(asked.textContent);
  const utf8 = (text) => new TextEncoder().encode(text);
  const said = (field) => data.getAll(field).map((one) => one.replace(/\.+$/, ""));
  const size_of = (text) => utf8(JSON.stringify(text)).length - 2;
  let imported, sent, first_look, data;

  const joined = (...parts) => {
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    parts.reduce((place, part) => (whole.set(part, place), place + part.length), 0);
    return whole;
  };
  const base64 = (bytes) => {
    let text = "";
    for (let at = 0; at < bytes.length; at += 8192)
      text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };

  // Near to clean_text.py; a text is read by people, and nothing is compared with it.
  const clean = (typed) =>
    typed.normalize("NFC").replace(/\r\n?|[\v\f\x85\u2028\u2029]/g, "\n")
      .replace(/(?![\n\t\u200c\u200d\ufe0f])[\p{C}\p{Default_Ignorable_Code_Point}\u2800\ufffc]/gu, "")
      .replace(/[\p{Zs}\t]/gu, " ").replace(/ {2,}/g, " ").replace(/ *\n */g, "\n")
      .replace(/\n{3,}/g, "\n\n").trim();
  const characters = (text) =>
    window.Intl && Intl.Segmenter
      ? Array.from(new Intl.Segmenter().segment(text), (one) => one.segment)
      : Array.from(text);

  // What is wrong with a text's length: nothing, or why and by how many characters.
  const surplus = (text) => {
    const all = characters(text);
    let left = room;
    for (let place = 0; place < all.length; place++) {
      left -= size_of(all[place]);
      if (place === limit || left < 0)
        return { why: place === limit ? "long" : "wide", count: all.length - place };
    }
    return null;
  };

  // One question about one subject: lines, and words; or why there are none.
  const answered = (field, { kind, choices }) => {
    if (kind === "several") {
      const ticked = choices.filter((one) => said(`${field}.${one}`)[0] === "ticked");
      return ticked.length ? { pick: "answered", ticked } : { why: "missing-several" };
    }
    const [typed = ""] = said(field);
    if (kind === "text") {
      const text = clean(typed);
      const more = surplus(text);
      if (more) return more;
      return text ? { pick: "answered", text } : { why: "missing-text" };
    }
    if (kind === "number") {
      const number = typed.normalize("NFKC").replace(/[\s.]/g, "");
      if (!number) return { why: "missing-number" };
      if (!/^\d{1,9}$/.test(number) || Number(number) > 100) return { why: "number" };
      return { pick: String(Number(number)) };
    }
    return choices.includes(typed) ? { pick: typed } : { why: "missing" };
  };

  const read = () => {
    data = new FormData(form);
    const [flaws, about, texts, picks] = [[], [], [], {}];
    for (const subject of subjects) {
      const [lines, made] = [[], new Map()];
      for (const question of questions) {
        const { key, kind, optional, choices, show_if } = question;
        const field = `${subject}.${key}`;
        const shown = !show_if || show_if[1].some((one) => made.get(show_if[0]).includes(one));
        const found = shown ? answered(field, question) : { pick: "not_asked" };
        if (!found.pick && optional && found.why.startsWith("missing")) found.pick = "blank";
        if (!found.pick) flaws.push({ field, ...found });
        if (found.text) texts.push([subject, key, found.text]);
        picks[field] = found.pick || "";
        made.set(key, [picks[field], ...(found.ticked || [])]);
        lines.push([key, picks[field]]);
        if (kind === "several")
          for (const one of choices)
            lines.push([`${key}.${one}`, (found.ticked || []).includes(one) ? "ticked" : "unticked"]);
      }
      const written = lines.map((line) => line.map((one) => JSON.stringify(one)).join(":"));
      about.push(`"${subject}":{${written.join(",")}}`);
    }
    const comment = clean(form.elements.comment.value);
    const [whom = ""] = form.elements.about ? said("about") : [String(commented[0])];
    const more = surplus(comment);
    if (more) flaws.push({ field: "comment", ...more });
    if (comment && !commented.map(String).includes(whom)) flaws.push({ field: "about", why: "about" });
    if (comment) texts.push([Number(whom), "", comment]);
    return { flaws, picks, answers: `{"v":1,"answers":{${about.join(",")}}}`, notes: notes(texts) };
  };

  const notes = (texts) => {
    if (!texts.length) return '{"v":1}';
    if (questions.some(({ kind }) => kind === "text")) return `{"v":2,"texts":${JSON.stringify(texts)}}`;
    const [[subject, , text]] = texts;
    return JSON.stringify({ v: 1, subject, text });
  };

  // As ballot_rules.py judges it; every mark is made.
  const broken = (picks) =>
    rules.flatMap(({ field, kind, marks, choices, limit: bound, text }) => {
      const made = marks.map((one) => picks[one]);
      const rated = made.filter((one) => !["abstain", "dont_know", "blank", "not_asked"].includes(one));
      const used = made.filter((one) => choices.includes(one)).length;
      const off =
        kind === "at-most" ? used > bound
        : kind === "at-least" ? rated.length > 0 && used < bound
        : rated.length > 1 && new Set(rated).size === 1;
      const more = kind === "not-all-equal" ? 1 : Math.abs(used - bound);
      return off ? [{ field, text: text.replace("{used}", used).replace("{more}", more) }] : [];
    });

  const padded = (text, whole) => {
    const bytes = utf8(text);
    if (bytes.length + 2 > whole) throw new Error("too long");
    const made = new Uint8Array(whole);
    made.set([bytes.length >> 8, bytes.length & 255]);
    made.set(bytes, 2);
    return made;
  };

  // RSA-OAEP(K), twelve bytes, AES-GCM(K, plain): the first key innermost.
  const seal = async (plain) => {
    let envelope = plain;
    for (const rsa of imported) {
      const [secret, iv] = [crypto.getRandomValues(new Uint8Array(32)), crypto.getRandomValues(new Uint8Array(12))];
      const key = await crypto.subtle.importKey("raw", secret, "AES-GCM", false, ["encrypt"]);
      const closed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: utf8(aad) }, key, envelope);
      const wrapped = await crypto.subtle.encrypt({ name: "RSA-OAEP" }, rsa, secret);
      envelope = joined(new Uint8Array(wrapped), iv, new Uint8Array(closed));
    }
    return envelope;
  };

  const level = (on_phone) => {
    byId("sealed-on-phone").hidden = !on_phone;
    byId("sealed-on-server").hidden = on_phone;
  };
  const element = (name, text, put) => Object.assign(document.createElement(name), { textContent: text, ...put });

  const problem = (title, listed) => {
    const found = document.querySelector(".problem");
    if (found) found.remove();
    if (!title) return;
    const section = element("section", "", { className: "problem" });
    const list = element("ul", "");
    for (const [href, text] of listed) {
      const item = element("li", "");
      item.append(element("a", text, { href }));
      list.append(item);
    }
    section.append(element("h2", title, { id: "problem", tabIndex: -1 }), list);
    section.setAttribute("aria-labelledby", "problem");
    form.before(section);
    section.scrollIntoView();
  };

  // The page's own words for every flaw, beside what is to be mended.
  const tell = (flaws) => {
    for (const old of form.querySelectorAll("p.error")) if (!old.closest("[data-rule]")) old.remove();
    for (const old of form.querySelectorAll(".flaw")) old.classList.remove("flaw");
    const places = new Map();
    for (const { field, why, count, text } of flaws) {
      const box = byId(`f-${field === "about" ? "comment" : field}`);
      const line = box.tagName === "INPUT";
      const host = line ? byId(`q-${field}`) : box;
      (line ? host.parentNode : box).classList.add("flaw");
      if (text) box.querySelector(".error").textContent = text;
      else {
        const error = element("p", words[why].replace("{count}", count), { className: "error", id: `e-${field}` });
        const head = line ? null : box.querySelector("legend, label, .asked");
        if (head) head.after(error);
        else host.append(error);
        const input = line ? null : box.querySelector(field === "about" ? "select" : "textarea, input");
        if (input) input.setAttribute("aria-describedby", error.id);
      }
      const sheet = box.closest(".sheet");
      const place = text || (sheet ? sheet.dataset.place : words.comment);
      const known = places.get(place) || { href: `#f-${field === "about" ? "comment" : field}`, count: 0, counts: sheet && !text };
      known.count++;
      places.set(place, known);
    }
    problem(words.check, [...places].map(([place, { href, count, counts }]) =>
      [href, counts ? words.open.replace("{place}", place).replace("{count}", count) : place]));
    const box = byId(`f-${flaws[0].field === "about" ? "comment" : flaws[0].field}`);
    (box.matches("input, li") ? box : box.querySelector("input, textarea, select")).focus();
  };

  const post = (action, fields) => {
    const carrier = element("form", "", { method: "post", action, hidden: true });
    for (const [name, value] of Object.entries(fields))
      carrier.append(element("input", "", { type: "hidden", name, value }));
    document.body.append(carrier);
    carrier.submit();
    carrier.remove();
  };
  const ours = () => ({ code: form.elements.code.value, page: form.elements.page.value });
  const filled = () => new URLSearchParams(new FormData(form)).toString();

  const send = async () => {
    const { flaws, picks, answers, notes } = read();
    const off = flaws.length ? flaws : broken(picks);
    if (off.length) return tell(off);
    problem("");
    sent = true;
    setTimeout(() => { sent = false; }, 10000); // whoever stopped it may try again
    try {
      const envelope = await seal(padded(answers, size[0]));
      const comment = await seal(padded(notes, size[1]));
      const print = await crypto.subtle.digest("SHA-256", joined(utf8("envelope\0"), envelope));
      const tracker = Array.from(new Uint8Array(print), (one) => one.toString(16).padStart(2, "0")).join("");
      window.name = `receipt=${tracker}`;
      post(form.getAttribute("action"), { ...ours(), sealed: base64(joined(envelope, comment)) });
    } catch {
      // Nothing is sent in the clear before the page has said so.
      sent = false;
      imported = null;
      level(false);
      problem(words.failed, []);
      byId("problem").focus();
    }
  };

  document.addEventListener("submit", (event) => {
    if (event.target !== form || !imported) return;
    event.preventDefault();
    event.stopPropagation();
    const by = event.submitter;
    if (by && by.name === "redraw") {
      // Another look is asked for without what was filled in: that stays here.
      if (filled() === first_look || confirm(words.look)) post(by.getAttribute("formaction"), ours());
    } else if (!sent) send();
  }, true);
  addEventListener("pageshow", () => { sent = false; });

  const spki = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  const rsa = { name: "RSA-OAEP", hash: "SHA-256" };
  Promise.all(keys.map((key) => crypto.subtle.importKey("spki", spki(key), rsa, false, ["encrypt"]))).then(
    (all) => {
      first_look = filled();
      imported = all;
      level(true);
    },
    () => {} // this browser cannot: the page says already that the server seals
  );
})();
