// What lies in an envelope: one ballot or one comment, written the one way it can be.

const WITHOUT_POINTS = ["abstain", "dont_know", "blank"];
const [VERSION, LENGTH_BYTES, STEP] = [1, 2, 256];
const [COMMENT_SIZE, COMMENT_ROOM] = [2048, 2000];

function readQuestionnaire(text) {
  const { questions } = parsed(text, "no_export");
  return questions.map(({ key, text, choices }) => ({ key, text, choices }));
}

// What the ballots of a batch ask, and how many bytes padded answers have.
function formsOf(export_) {
  const { manifest, questionnaire } = export_;
  const forms = bare();
  for (const batch of manifest.batches) {
    const subjects = manifest.subjects[batch.unit].slice().sort((a, b) => a - b);
    const aad = canonical({ batch: batch.batch_id, survey: manifest.survey_id });
    const form = { questions: questionnaire, subjects, aad: utf8("ballot\0" + aad) };
    form.size = answersSize(form);
    form.rules = sheetRules(manifest.ballot_rules, manifest.subjects[batch.unit], questionnaire);
    forms[batch.batch_id] = form;
  }
  return forms;
}

function answersText(form, choiceOf) {
  const about = form.subjects.map((subject) => {
    const answers = form.questions.map(
      ({ key }) => `${quoted(key)}:${quoted(choiceOf(subject, key))}`
    );
    return `"${subject}":{${answers.join(",")}}`;
  });
  return `{"v":${VERSION},"answers":{${about.join(",")}}}`;
}

function answersSize(form) {
  const longest = bare(
    form.questions.map(({ key, choices }) => [
      key,
      choices.map((one) => one.key).reduce((a, b) =>
        utf8(quoted(b)).length > utf8(quoted(a)).length ? b : a
      ),
    ])
  );
  const written = utf8(answersText(form, (_, key) => longest[key]));
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

// The picks, subject → question → choice; null for all that is not exactly one ballot.
function readAnswers(form, bytes) {
  try {
    const { answers } = unpadded(bytes);
    const picks = bare();
    for (const subject of form.subjects) {
      picks[subject] = bare();
      for (const { key, choices } of form.questions) {
        const choice = own(own(answers, String(subject)), key);
        if (!choices.some((one) => one.key === choice)) return null;
        picks[subject][key] = choice;
      }
    }
    const again = padded(answersText(form, (subject, key) => picks[subject][key]), form.size);
    return compared(again, bytes) ? null : picks;
  } catch {
    return null;
  }
}

const own = (object, key) => (Object.hasOwn(object, key) ? object[key] : undefined);

// {subject, text}; null where nothing was written, or no comment that can be read.
function readComment(form, bytes) {
  try {
    const { subject, text } = unpadded(bytes);
    if (typeof text !== "string" || !text || !form.subjects.includes(subject)) return null;
    if (text.includes("\0") || utf8(quoted(text)).length - 2 > COMMENT_ROOM) return null;
    const written = `{"v":${VERSION},"subject":${subject},"text":${quoted(text)}}`;
    return compared(padded(written, COMMENT_SIZE), bytes) ? null : { subject, text };
  } catch {
    return null;
  }
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
