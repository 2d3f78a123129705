// The export of a closed box: read, and held against what its server signed.

// The third is written as the second; whoever knows only that one loses comments about nobody.
const FORMATS_OF_EXPORT = ["survey-export-2", "survey-export-3"];
const MANIFEST_FIELDS = [
  "survey_id", "title", "questionnaire_fingerprint", "scheme_fingerprint",
  "plan_fingerprint", "small_groups", "groups", "merged", "batches", "subjects",
  "key_holders", "signing_key", "opens_on", "closes_on", "floor", "comment_floor",
  "minimum_eligible", "public_floor", "shroud", "level", "commitments",
];
const LATER_IN_MANIFESTS = [
  "format", "dissatisfied", "public_answers", "ballot_rules", "keys_page", "sealing_script",
];
const BATCH_FIELDS = ["batch_id", "unit", "rater_group", "eligible", "issued", "tickets_root"];
const SLIPS = ["eligible", "issued", "signed", "used", "voided", "challenged"];

// The text before the last line, whose SHA-256 is the last line.
function checkedText(bytes) {
  const end = bytes.length - 1;
  const start = bytes.lastIndexOf(10, end - 1) + 1;
  const last = utf8(canonical({ sha256: hex(sha(bytes.subarray(0, start))) }) + "\n");
  if (end < 1 || compared(last, bytes.subarray(start))) throw new Refused("export_cut");
  return bytes.subarray(0, start);
}

function readExport(bytes) {
  const signed = checkedText(bytes);
  const start = signed.lastIndexOf(10, signed.length - 2) + 1;
  const body = signed.subarray(0, start);
  const lines = textOf(signed).slice(0, -1).split("\n").map((one) => parsed(one, "no_export"));
  const [first, asked, names, closed, ...rest] = lines;
  if (typeof first.format !== "string") throw new Refused("no_export");
  if (!FORMATS_OF_EXPORT.includes(first.format)) throw new Refused("later_file");
  const { server } = known(rest.pop() ?? {}, ["server"]);
  known(first, ["format", "posted"]);
  const { manifest, signature } = known(first.posted, ["manifest", "signature"]);
  known(asked, ["questionnaire"]);
  known(names, ["names"]);
  const { closing, signature: of_closing } = known(closed.closed, ["closing", "signature"]);
  const kept = { ballot: [], comment: [], challenge: [], proof: [] };
  for (const one of rest) {
    const [kind] = Object.keys(one);
    if (!(kind in kept) || Object.keys(one).length > 1) throw new Refused("later_file");
    kept[kind].push(one[kind]);
  }
  return {
    manifest: readManifest(manifest),
    manifestText: canonical(manifest),
    manifestSignature: signature,
    questionnaireText: asked.questionnaire,
    questionnaire: readQuestionnaire(asked.questionnaire),
    names: names.names,
    closing,
    closingText: canonical(closing),
    closingSignature: of_closing,
    envelopes: kept.ballot.map(sealed),
    comments: kept.comment.map(sealed),
    challenged: kept.challenge.map(sealed),
    proofs: kept.proof,
    body,
    signature: server,
  };
}

const sealed = ([batch, written]) => ({ batch, envelope: bytesOfBase64(written) });

function readManifest(plain) {
  known(plain, MANIFEST_FIELDS, LATER_IN_MANIFESTS);
  if (![1, 2].includes(plain.format)) throw new Refused("later_file");
  const later = { dissatisfied: [], public_answers: false, ballot_rules: [] };
  const manifest = { ...later, ...plain };
  for (const batch of manifest.batches)
    known(batch, BATCH_FIELDS, ["requested_by", "issued_by"]);
  return manifest;
}

const isSignedBy = (manifest, text, signature) =>
  isSigned(manifest.signing_key, typeof text === "string" ? utf8(text) : text, signature);

// Refused, with the reason, unless the export is whole and what the server signed.
function checkExport(export_) {
  const { manifest, closing } = export_;
  const message = joined(utf8("export\0"), sha(export_.body));
  const signed =
    isSignedBy(manifest, "manifest\0" + export_.manifestText, export_.manifestSignature) &&
    isSignedBy(manifest, message, export_.signature);
  if (!signed) throw new Refused("export_unsigned");
  if (fingerprint(export_.questionnaireText) !== manifest.questionnaire_fingerprint)
    throw new Refused("export_questions");
  const closingFits =
    isClosingOf(closing, manifest, fingerprint(export_.manifestText)) &&
    isSignedBy(manifest, "closing\0" + export_.closingText, export_.closingSignature);
  if (!closingFits) throw new Refused("export_closing");
  const roots = {
    root_in: trackersOf(export_),
    envelopes_in: export_.envelopes.map(leafOfSealed),
    challenged_in: export_.challenged.map(leafOfSealed),
    comments_in: export_.comments.map(leafOfSealed),
  };
  for (const [name, leaves] of Object.entries(roots))
    if (hex(merkleRoot(leaves)) !== closing[name]) throw new Refused("export_envelopes");
  checkNumbers(export_);
  checkProofs(export_);
}

const leafOfSealed = ({ batch, envelope }) => sha(utf8(`sealed\0${batch}\0`), envelope);
const ENVELOPE = utf8("envelope\0");
const trackerOf = (envelope) => sha(ENVELOPE, envelope);
const trackersOf = ({ envelopes, challenged }) =>
  [...envelopes, ...challenged].map((one) => trackerOf(one.envelope));

function isClosingOf(closing, manifest, print) {
  const facts = ({ batch_id, eligible, issued }) => canonical([batch_id, eligible, issued]);
  const [closed, posted] = [closing.batches.map(facts), manifest.batches.map(facts)];
  const subjects = Object.values(manifest.subjects).flat();
  return (
    closing.survey_id === manifest.survey_id &&
    closing.manifest === print &&
    canonical(closed.sort()) === canonical(posted.sort()) &&
    (closing.taken_out ?? []).every((one) => subjects.includes(one))
  );
}

const outstanding = (batch) => batch.issued - batch.used - batch.voided - batch.challenged;
const isCounted = (batch) =>
  !batch.void && outstanding(batch) >= 0 && batch.used <= batch.signed && batch.signed <= batch.eligible;

function checkNumbers(export_) {
  const fits = (envelopes, name) => {
    const counts = bare();
    for (const { batch } of envelopes) counts[batch] = (counts[batch] || 0) + 1;
    const wanted = export_.closing.batches.filter((one) => isCounted(one) && one[name]);
    return (
      Object.keys(counts).length === wanted.length &&
      wanted.every((one) => counts[one.batch_id] === one[name])
    );
  };
  const all =
    fits(export_.envelopes, "used") &&
    fits(export_.comments, "used") &&
    fits(export_.challenged, "challenged");
  if (!all) throw new Refused("export_number");
}

// A ballot is opened in public only where an auditor had bound himself to its slip.
function checkProofs({ challenged, proofs, manifest }) {
  const commitments = new Map(
    proofs.map(({ tracker, code, nonce }) => [tracker, commitmentOf(code, nonce)])
  );
  const used = challenged.map((one) => commitments.get(hex(trackerOf(one.envelope))));
  const proved = used.every((one) => manifest.commitments.includes(one));
  if (!proved || new Set(used).size < used.length) throw new Refused("export_challenge");
}

const commitmentOf = (code, nonce) => fingerprint(`challenge\0${code}\0${nonce}`);

const holdersOf = (manifest) =>
  manifest.key_holders.map(([name, text]) => ({ name, print: publicFingerprint(parsed(text, "no_export")) }));

// The keys in the order ballots were sealed to them.
function keysInOrder(manifest, keys) {
  const holders = holdersOf(manifest);
  for (const key of keys)
    if (!holders.some((one) => one.print === key.print))
      throw new Refused("key_strange", { holder: key.holder });
  return holders.map(({ name, print }) => {
    const key = keys.find((one) => one.print === print);
    if (!key) throw new Refused("key_missing", { holder: name });
    return key;
  });
}
