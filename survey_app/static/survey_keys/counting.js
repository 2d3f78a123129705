// Which groups are counted together, and which counts anybody may read.

const numberOf = (counts) => Object.values(counts).reduce((sum, one) => sum + one, 0);

function mergedGroups(sizes, order, atLeast) {
  const countedIn = bare(order.filter((one) => sizes[one] > 0).map((one) => [one, one]));
  const totals = new Map(Object.keys(countedIn).length ? order.filter((one) => one in countedIn).map((one) => [one, sizes[one]]) : []);
  while (totals.size > 1) {
    const left = [...totals.keys()];
    const small = left.find((one) => totals.get(one) < atLeast);
    if (small === undefined) break;
    const place = left.indexOf(small);
    const neighbour = left[place + 1] ?? left[place - 1];
    totals.set(neighbour, totals.get(neighbour) + totals.get(small));
    totals.delete(small);
    for (const group of Object.keys(countedIn))
      if (countedIn[group] === small) countedIn[group] = neighbour;
  }
  return countedIn;
}

// Unit → group → the other group it is counted in, by the numbers of valid ballots.
function countedGroups(manifest, valid) {
  const merged = {};
  for (const unit of Object.keys(manifest.subjects)) {
    const byEligible = manifest.merged[unit] || {};
    const sizes = bare();
    for (const batch of manifest.batches.filter((one) => String(one.unit) === unit)) {
      const group = byEligible[batch.rater_group] ?? batch.rater_group;
      sizes[group] = (sizes[group] || 0) + (valid[batch.batch_id] || 0);
    }
    const floor = manifest.small_groups === "merge" ? manifest.floor : 0;
    const byBallots = mergedGroups(sizes, manifest.groups, floor);
    const both = { ...byBallots };
    for (const [group, into] of Object.entries(byEligible)) both[group] = byBallots[into] ?? into;
    merged[unit] = bare(Object.entries(both).filter(([group, into]) => group !== into));
  }
  return merged;
}

function groupOfBatches(manifest, merged) {
  return bare(
    manifest.batches.map((one) => [one.batch_id, merged[one.unit][one.rater_group] ?? one.rater_group])
  );
}

// Only of ratings that everybody gave: a number would be told exactly, what some left
// empty is about few, and what some were not asked tells what they answered before.
// Nothing about whoever was taken out: of all marks only few may be anybody's.
function postedTally(tally, manifest, questionnaire, takenOut) {
  const floor = Math.max(manifest.floor, manifest.public_floor);
  const told = questionnaire.filter(isPlain).map(({ key }) => key);
  const posted = {};
  for (const [subject, groups] of Object.entries(tally)) {
    if (takenOut.includes(Number(subject))) continue;
    const asked = Object.entries(groups).map(([group, said]) => [
      group, bare(Object.entries(said).filter(([line]) => told.includes(line))),
    ]);
    const open = openAbout(bare(asked), floor, manifest);
    if (open) posted[subject] = open;
  }
  return posted;
}

// The groups about one subject whose counts are open, all questions or none.
function openAbout(groups, floor, { shroud, dissatisfied }) {
  const sizes = Object.entries(groups).map(([group, asked]) => [
    group, Math.max(0, ...Object.values(asked).map(numberOf)),
  ]);
  const shown = largeGroups(sizes, floor);
  const questions = new Set(Object.values(groups).flatMap(Object.keys));
  for (const question of questions) {
    const hidden = bare();
    for (const [group] of sizes)
      if (!shown.has(group))
        for (const [choice, count] of Object.entries(groups[group][question] || {}))
          hidden[choice] = (hidden[choice] || 0) + count;
    const parts = [...shown].map((group) => groups[group][question] || {});
    if ([...parts, hidden].some((one) => allButAgree(one, shroud, dissatisfied))) return null;
  }
  return shown.size ? bare([...shown].map((group) => [group, groups[group]])) : null;
}

function largeGroups(sizes, floor) {
  const shown = new Map(sizes.filter(([, ballots]) => ballots >= floor));
  const all = sizes.reduce((sum, [, ballots]) => sum + ballots, 0);
  for (;;) {
    const rest = all - [...shown.values()].reduce((sum, one) => sum + one, 0);
    if (!shown.size || !(0 < rest && rest < floor)) return new Set(shown.keys());
    const [[smallest]] = [...shown].sort(([a, m], [b, n]) => m - n || byCharacter(a, b));
    shown.delete(smallest);
  }
}

function allButAgree(counts, shroud, dissatisfied) {
  const objecting = dissatisfied.reduce((sum, one) => sum + (counts[one] || 0), 0);
  const most = Math.max(0, objecting, ...Object.values(counts));
  return Object.keys(counts).length > 0 && numberOf(counts) - most < shroud;
}
