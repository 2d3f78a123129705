// What lies in an envelope: one ballot or one comment, written the one way it can be.

const [VERSION, WITH_TEXTS, LENGTH_BYTES, STEP] = [1, 2, 2, 256];
const [COMMENT_SIZE, COMMENT_ROOM] = [2048, 2000];
const WHOLE = 0; // in place of a subject: nobody by himself, but all of the unit

// What the ballots of a batch ask, and how many bytes all of it has.
function formsOf({ manifest, questionnaire }) {
  const forms = bare();
  const ratings = questionnaire.filter(({ kind }) => kind === "rating");
  const texts = questionnaire.filter(({ kind }) => kind === "text");
  for (const batch of manifest.batches) {
    const asked = manifest.subjects[batch.unit];
    const subjects = asked.slice().sort((a, b) => a - b);
    const aad = canonical({ batch: batch.batch_id, survey: manifest.survey_id });
    const form = { questions: questionnaire, subjects, aad: utf8("ballot\0" + aad) };
    form.lines = ballotLines(questionnaire);
    form.texts = subjects.flatMap((subject) => texts.map(({ key }) => [subject, key]));
    form.commented = [...asked, ...(asked.length > 1 ? [WHOLE] : [])].map((one) => [one, ""]);
    form.size = answersSize(form);
    form.commentSize = COMMENT_SIZE * (1 + form.texts.length);
    form.rules = sheetRules(manifest.ballot_rules, asked, ratings);
    forms[batch.batch_id] = form;
  }
  return forms;
}

function answersText(form, saidOf) {
  const about = form.subjects.map((subject) => {
    const lines = [...form.lines.keys()].map(
      (line) => `${quoted(line)}:${quoted(saidOf(subject, line))}`
    );
    return `"${subject}":{${lines.join(",")}}`;
  });
  return `{"v":${VERSION},"answers":{${about.join(",")}}}`;
}

function answersSize(form) {
  const bytes = (one) => utf8(quoted(one)).length;
  const longest = bare(
    [...form.lines].map(([line, offered]) => [
      line, offered.reduce((a, b) => (bytes(b) > bytes(a) ? b : a)),
    ])
  );
  const written = utf8(answersText(form, (_, line) => longest[line]));
  return Math.ceil((LENGTH_BYTES + written.length) / STEP) * STEP;
}

function padded(text, size) {
  const written = utf8(text);
  if (written.length + LENGTH_BYTES > size) return written; // equals nothing of that size
  const bytes = new Uint8Array(size);
  bytes.set([written.length >> 8, written.length & 255]);
  bytes.set(written, LENGTH_BYTES);
  return bytes;
}

function unpadded(bytes) {
  const length = bytes[0] * 256 + bytes[1];
  const content = JSON.parse(textOf(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length)));
  if (content === null || typeof content !== "object") throw new Error("no object");
  return content;
}

// The picks, subject → line → what stands there; null for all that is not exactly one
// ballot, written the one way it can be.
function readAnswers(form, bytes) {
  try {
    const { answers } = unpadded(bytes);
    const picks = bare();
    for (const subject of form.subjects) {
      const said = own(answers, String(subject));
      picks[subject] = bare([...form.lines.keys()].map((line) => [line, own(said, line)]));
      if (!isWholeBallot(form.questions, form.lines, (line) => picks[subject][line])) return null;
    }
    const again = padded(answersText(form, (subject, line) => picks[subject][line]), form.size);
    return compared(again, bytes) ? null : picks;
  } catch {
    return null;
  }
}

const own = (object, key) => (Object.hasOwn(object, key) ? object[key] : undefined);

// All that was written, [subject or WHOLE, question or "", text]; nothing where it is not
// written the one way it can be.
function readTexts(form, bytes) {
  try {
    const content = unpadded(bytes);
    const comment = Object.hasOwn(content, "subject");
    const listed = comment ? [[content.subject, "", content.text]] : content.texts ?? [];
    return compared(padded(textsText(form, listed), form.commentSize), bytes) ? [] : listed;
  } catch {
    return [];
  }
}

function textsText(form, listed) {
  const places = [...form.texts, ...form.commented];
  const at = ([subject, key]) => places.findIndex(([s, k]) => s === subject && k === key);
  for (const one of listed) {
    const [, , text] = one;
    const fits = one.length === 3 && typeof text === "string" && text && !text.includes("\0");
    if (!fits || at(one) < 0 || utf8(quoted(text)).length - 2 > COMMENT_ROOM)
      throw new Error("no text that could be kept");
  }
  const taken = new Set(listed.map(at));
  if (taken.size < listed.length || listed.filter(([, key]) => !key).length > 1)
    throw new Error("two texts at one place");
  if (!listed.length) return `{"v":${VERSION}}`;
  if (!form.texts.length) {
    const [[subject, , text]] = listed;
    return `{"v":${VERSION},"subject":${subject},"text":${quoted(text)}}`;
  }
  const ordered = listed.slice().sort((one, other) => at(one) - at(other));
  const written = ordered.map(([subject, key, text]) => `[${subject},${quoted(key)},${quoted(text)}]`);
  return `{"v":${WITH_TEXTS},"texts":[${written.join(",")}]}`;
}

// The rules of the manifest on one sheet: which marks each governs, and its number.
function sheetRules(rules, subjects, questions) {
  return rules.flatMap((rule, number) => {
    const asked = questions
      .map(({ key }) => key)
      .filter((key) => !(rule.questions || []).length || rule.questions.includes(key));
    const about = (subject) => asked.map((key) => [subject, key]);
    const sheets = rule.over === "subject" ? subjects.map(about) : [subjects.flatMap(about)];
    return sheets
      .map((marks) => ({ number, rule, marks, limit: limitOf(rule, marks.length) }))
      .filter(({ marks, limit }) =>
        rule.kind === "at-most" ? limit < marks.length : marks.length > (rule.kind === "not-all-equal")
      );
  });
}

function limitOf(rule, marks) {
  if (rule.count) return rule.count.value;
  const [parts, of] = (rule.share ? rule.share.value : "0/1").split("/").map(Number);
  const least = Math.floor((parts * marks) / of);
  if (rule.kind === "at-most") return Math.max(1, least);
  return least * of < parts * marks ? least + 1 : least;
}

// The numbers of the rules that these picks break; every mark is filled in.
function brokenRules(form, picks) {
  const broken = new Set();
  for (const { number, rule, marks, limit } of form.rules) {
    const said = marks.map(([subject, key]) => picks[subject][key]);
    const ratings = said.filter((one) => !WITHOUT_POINTS.includes(one));
    const used = said.filter((one) => (rule.choices || []).includes(one)).length;
    const breaks = {
      "at-most": used > limit,
      "at-least": ratings.length > 0 && used < limit,
      "not-all-equal": ratings.length > 1 && new Set(ratings).size === 1,
    };
    if (breaks[rule.kind]) broken.add(number);
  }
  return broken;
}
