// The lines of a ballot: one for every question, one more for every choice to tick.

const WITHOUT_POINTS = ["abstain", "dont_know", "blank", "not_asked"];
const [ANSWERED, BLANK, NOT_ASKED] = ["answered", "blank", "not_asked"];
const [TICKED, UNTICKED, STOP] = ["ticked", "unticked", "."];
const NUMBERS = Array.from({ length: 101 }, (_, number) => String(number));
const LABELS = {
  abstain: { zh: "弃权", en: "abstention" },
  dont_know: { zh: "不了解", en: "don't know" },
  blank: { zh: "未填", en: "left blank" },
  not_asked: { zh: "无须作答", en: "not asked" },
  answered: { zh: "已作答", en: "answered" },
};

function readQuestionnaire(text) {
  return parsed(text, "no_export").questions.map(
    ({ key, text, choices = [], kind = "rating", optional = false, show_if = null }) => ({
      key, text, choices, kind, optional, show_if, own: choices.map((one) => one.key),
    })
  );
}

const isPlain = (question) =>
  question.kind === "rating" && !question.optional && !question.show_if;

// Line → everything that may stand there, in the order asked.
function ballotLines(questions) {
  const lines = new Map();
  for (const { key, kind, own, optional, show_if } of questions) {
    const several = kind === "several";
    const said = kind === "number" ? NUMBERS : several ? [] : own;
    const answered = several || kind === "text" ? [ANSWERED] : [];
    const without = [...(optional ? [BLANK] : []), ...(show_if ? [NOT_ASKED] : [])];
    lines.set(key, [...said, ...answered, ...without]);
    if (several) for (const choice of own) lines.set(key + STOP + choice, [TICKED, UNTICKED]);
  }
  return lines;
}

// What stands about one question, as a tally counts it.
const picksOf = ({ key, kind, own }, said) => [
  said(key),
  ...(kind === "several" ? own.filter((one) => said(key + STOP + one) === TICKED) : []),
];

// Whether one person can have answered so; `said` tells what stands on a line.
function isWholeBallot(questions, lines, said) {
  for (const [line, offered] of lines) if (!offered.includes(said(line))) return false;
  if (questions.every(isPlain)) return true;
  const picked = new Map();
  for (const question of questions) {
    const found = picksOf(question, said);
    const { show_if } = question;
    const shown =
      !show_if || show_if.choices.some((one) => (picked.get(show_if.question) || []).includes(one));
    if (!(shown ? fitsQuestion(question, found) : found.length === 1 && found[0] === NOT_ASKED))
      return false;
    picked.set(question.key, found);
  }
  return true;
}

function fitsQuestion({ kind, optional }, [first, ...ticked]) {
  if (first === BLANK && !ticked.length) return optional;
  if (kind === "several") return first === ANSWERED && ticked.length > 0;
  return first !== NOT_ASKED;
}

// What one answer says in words, choices that were ticked listed.
function labelOf(question, said) {
  const own = bare(question.choices.map((one) => [one.key, one.label]));
  const picks = picksOf(question, said);
  const named = question.kind === "several" ? picks.filter((one) => one in own) : picks;
  const labels = (named.length ? named : picks).map(
    (one) => own[one] || LABELS[one] || { zh: one, en: one }
  );
  return {
    zh: labels.map((one) => one.zh).join("、"),
    en: labels.map((one) => one.en).join(", "),
  };
}
