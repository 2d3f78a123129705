// The opening of a box: from envelopes to fragments, in memory, with both keys.

const FORMAT_OF_RESULT = "survey-opened-1";
const FORMAT_OF_HEAD = 3;
const AT_ONCE = 64;
const [IV_BYTES, ID_BYTES, SALT_BYTES] = [12, 16, 32];

// What is in one layer; null, and nothing else, for what this key does not open.
async function layer(envelope, { rsa }, aad) {
  try {
    const wrapped = envelope.subarray(0, rsa.size);
    const raw = await crypto.subtle.decrypt(OAEP, rsa.key, wrapped);
    if (raw.byteLength !== 32) return null;
    const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["decrypt"]);
    const iv = envelope.subarray(rsa.size, rsa.size + IV_BYTES);
    const how = { name: "AES-GCM", iv, additionalData: aad, tagLength: 128 };
    const inner = envelope.subarray(rsa.size + IV_BYTES);
    return new Uint8Array(await crypto.subtle.decrypt(how, key, inner));
  } catch {
    return null;
  }
}

async function layers({ batch, envelope }, keys, forms) {
  const { aad } = forms[batch];
  const inside = await layer(envelope, keys[keys.length - 1], aad);
  let plain = inside;
  for (let at = keys.length - 2; at >= 0 && plain; at--) plain = await layer(plain, keys[at], aad);
  return { batch, envelope, inside: inside || envelope, plain };
}

// Yields every envelope with what lies in it; a copy of an earlier one holds nothing.
async function* unsealed(envelopes, keys, forms, seen) {
  for (let first = 0; first < envelopes.length; first += AT_ONCE) {
    const some = envelopes.slice(first, first + AT_ONCE);
    for (const one of await Promise.all(some.map((each) => layers(each, keys, forms)))) {
      const prints = [hex(sha(one.envelope)), hex(sha(one.inside))];
      const isNew = !prints.some((print) => seen.has(print));
      for (const print of prints) seen.add(print);
      yield { ...one, plain: isNew ? one.plain : null };
    }
  }
}

async function openedChallenges(export_, keys, forms, seen) {
  const found = [];
  for await (const { batch, envelope, plain } of unsealed(export_.challenged, keys, forms, seen)) {
    const picks = plain && readAnswers(forms[batch], plain);
    found.push({ tracker: hex(trackerOf(envelope)), batch_id: batch, picks });
  }
  return found;
}

// Challenge ballots alone; auditors compare them before anything else is opened.
async function decryptChallenges(export_, keys) {
  checkExport(export_);
  const ordered = keysInOrder(export_.manifest, keys);
  return openedChallenges(export_, ordered, formsOf(export_), new Set());
}

async function decryptBox(export_, keys, progress) {
  const { manifest, closing } = export_;
  checkExport(export_);
  const ordered = keysInOrder(manifest, keys);
  const forms = formsOf(export_);
  const total = export_.envelopes.length + export_.comments.length;
  let done = 0;
  const one = () => (++done % 50 && done < total) || progress(done, total);
  const found = await foundIn(export_, ordered, forms, one);
  const valid = bare();
  for (const { batch } of found.ballots) valid[batch] = (valid[batch] || 0) + 1;
  const merged = countedGroups(manifest, valid);
  const groupOf = groupOfBatches(manifest, merged);
  const fragments = cut(found.ballots, groupOf);
  const comments = await commentsIn(export_, ordered, forms, one);
  const head = headOf(export_, found, merged, groupOf, fragments, comments);
  const signed = await signedHead(head, ordered);
  return { signed, fragments, comments, export_ };
}

async function foundIn(export_, keys, forms, opened) {
  const seen = new Set();
  const challenges = await openedChallenges(export_, keys, forms, seen);
  if (challenges.some((one) => one.picks === null)) throw new Refused("challenge_shut");
  const found = { ballots: [], spoiled: bare(), invalid: bare(), broken: [], challenges };
  const broken = export_.manifest.ballot_rules.map(() => 0);
  for await (const { batch, plain } of unsealed(export_.envelopes, keys, forms, seen)) {
    opened();
    const picks = plain && readAnswers(forms[batch], plain);
    const breaks = picks ? brokenRules(forms[batch], picks) : new Set();
    if (!picks) found.spoiled[batch] = (found.spoiled[batch] || 0) + 1;
    else if (breaks.size) found.invalid[batch] = (found.invalid[batch] || 0) + 1;
    else found.ballots.push({ batch, picks });
    for (const number of breaks) broken[number]++;
  }
  found.broken = broken.some(Boolean) ? broken : [];
  return found;
}

// Every answer apart, with a number drawn here, in the order of these numbers.
function cut(ballots, groupOf) {
  const fragments = ballots.flatMap(({ batch, picks }) =>
    Object.entries(picks).flatMap(([subject, answers]) =>
      Object.entries(answers).map(([question, choice]) => ({
        id: hex(random(ID_BYTES)), subject: Number(subject), group: groupOf[batch], question, choice,
      }))
    )
  );
  return fragments.sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function commentsIn(export_, keys, forms, opened) {
  const found = [];
  const units = bare(export_.manifest.batches.map((one) => [one.batch_id, one.unit]));
  for await (const { batch, plain } of unsealed(export_.comments, keys, forms, new Set())) {
    opened();
    for (const [subject, question, text] of plain ? readTexts(forms[batch], plain) : [])
      found.push({ id: hex(random(ID_BYTES)), subject: subject || -units[batch], question, text });
  }
  return found.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function tallyOf(fragments) {
  const tally = {};
  for (const { subject, group, question, choice } of fragments) {
    const groups = (tally[subject] ??= bare());
    const counts = ((groups[group] ??= bare())[question] ??= bare());
    counts[choice] = (counts[choice] || 0) + 1;
  }
  return tally;
}

const leafOfFragment = ({ id, subject, group, question, choice }, survey) =>
  sha(utf8(`fragment\0${canonical({ choice, group, id, question, subject, survey })}`));
const leafOfComment = ({ id, subject, text, question }, survey) => {
  const answers = question ? { question } : {};
  return sha(utf8(`comment\0${canonical({ id, subject, survey, text, ...answers })}`));
};

function headOf(export_, found, merged, groupOf, fragments, comments) {
  const { manifest, closing } = export_;
  const survey = manifest.survey_id;
  const units = bare(manifest.batches.map((one) => [one.batch_id, one.unit]));
  const batches = closing.batches.map((batch) => {
    const id = batch.batch_id;
    const counts = bare(SLIPS.map((name) => [name, batch[name]]));
    const invalid = found.invalid[id] ? { invalid: found.invalid[id] } : {};
    const spoiled = found.spoiled[id] || 0;
    const place = { batch_id: id, unit: units[id], rater_group: groupOf[id] };
    return { ...counts, ...place, ...invalid, spoiled, void: !isCounted(batch) };
  });
  const head = {
    format: FORMAT_OF_HEAD,
    survey_id: survey,
    title: manifest.title,
    manifest: fingerprint(export_.manifestText),
    closing: fingerprint(export_.closingText),
    key_holders: manifest.key_holders,
    signing_key: manifest.signing_key,
    root_in: closing.root_in,
    root_out: hex(merkleRoot(fragments.map((one) => leafOfFragment(one, survey)))),
    comments_root: hex(merkleRoot(comments.map((one) => leafOfComment(one, survey)))),
    questions: [...ballotLines(export_.questionnaire).keys()],
    subjects: manifest.subjects,
    batches,
    merged,
    tally: postedTally(
      tallyOf(fragments), manifest, export_.questionnaire, closing.taken_out ?? []
    ),
    challenges: found.challenges,
    fragments: fragments.length,
    comments: comments.length,
    level: manifest.level,
    salt: hex(random(SALT_BYTES)),
  };
  if (found.broken.length) head.broken = found.broken;
  head.statements = statementsOf(head);
  return head;
}

// The hash that stands, in what is signed, for what was said about persons.
function statementsOf({ salt, tally, challenges, broken }) {
  const said = { salt, tally, challenges: challenges.map((one) => one.picks) };
  if (broken) said.broken = broken;
  return fingerprint(`statements\0${canonical(said)}`);
}

function publicText(head) {
  const { salt, tally, broken, ...kept } = head;
  const challenges = head.challenges.map(({ tracker, batch_id, picks }) => ({
    tracker, batch_id, opens: picks !== null,
  }));
  return canonical({ ...kept, challenges });
}

async function signedHead(head, keys) {
  const text = publicText(head);
  const holders = {};
  for (const key of keys) holders[key.print] = hex(await sign(key.seed, utf8("head\0" + text)));
  return { head, print: fingerprint(text), signatures: { holders, server: "" } };
}

// The file for the server, in parts: it may be too long for one text.
function resultParts({ signed, fragments, comments }) {
  const hashed = sha256.create();
  const parts = [];
  const lines = [];
  const flush = () => {
    const bytes = utf8(lines.splice(0).join(""));
    hashed.update(bytes);
    parts.push(bytes);
  };
  const add = (content) => {
    lines.push(canonical(content) + "\n");
    if (lines.length > 5000) flush();
  };
  const { head, signatures } = signed;
  add({ format: FORMAT_OF_RESULT, opened: { head, signatures } });
  for (const { id, subject, group, question, choice } of fragments)
    add({ fragment: [id, subject, group, question, choice] });
  for (const { id, subject, text, question } of comments)
    add({ comment: [id, subject, text, ...(question ? [question] : [])] });
  flush();
  parts.push(utf8(canonical({ sha256: hex(hashed.digest()) }) + "\n"));
  return parts;
}
