"""The groups of every unit in which its ballots are counted, by their numbers alone."""

from collections import Counter
from collections.abc import Collection, Mapping

from survey_app.ballot.paper.manifest import Manifest
from survey_app.domain.counting.merged_groups import Merged, elsewhere, merged_groups
from survey_app.domain.counting.tally import Counts, SubjectTally
from survey_app.domain.disclosure.posted_cells import open_cells
from survey_app.domain.questionnaire.questionnaire import Questionnaire

MERGE = "merge"


def counted_groups(manifest: Manifest, valid: Mapping[str, int]) -> Merged:
    """Return for every unit which group is counted in which.

    `valid` is batch → valid ballots. Groups that merged before the survey opened are
    named as well, with the group they end up in.
    """
    sizes: dict[int, Counter[str]] = {unit: Counter() for unit in manifest.subjects}
    for batch in manifest.batches:
        sizes[batch.unit][manifest.group_of(batch)] += valid.get(batch.batch_id, 0)
    floor = manifest.floor if manifest.small_groups == MERGE else 0
    return {
        unit: _both(
            manifest.merged.get(unit, {}),
            merged_groups(groups, manifest.groups, at_least=floor),
        )
        for unit, groups in sizes.items()
    }


def group_of_batches(manifest: Manifest, merged: Merged) -> dict[str, str]:
    """Return batch → the group its ballots are counted in."""
    return {
        batch.batch_id: merged[batch.unit].get(batch.rater_group, batch.rater_group)
        for batch in manifest.batches
    }


def _both(
    by_eligible: Mapping[str, str], by_ballots: Mapping[str, str]
) -> dict[str, str]:
    """Return the merging at the opening of the survey followed by the one now."""
    first = {group: by_ballots.get(into, into) for group, into in by_eligible.items()}
    return elsewhere({**by_ballots, **first})


def posted_tally(
    tally: SubjectTally,
    manifest: Manifest,
    questionnaire: Questionnaire,
    taken_out: Collection[int] = (),
) -> SubjectTally:
    """Return the counts of a box that anybody may read and recount.

    Only of ratings that everybody gave: a number would be told exactly, what some left
    empty is about few, and what some were not asked tells what they answered before.
    Nothing about whoever was taken out: of all marks only few may be anybody's.
    """
    told = {one.key for one in questionnaire.questions if one.is_plain}
    asked = {
        subject: {
            group: {key: counts for key, counts in said.items() if key in told}
            for group, said in groups.items()
        }
        for subject, groups in tally.items()
        if subject not in taken_out
    }
    cells = open_cells(
        asked,
        floor=max(manifest.floor, manifest.public_floor),
        shroud=manifest.shroud,
        dissatisfied=manifest.dissatisfied,
    )
    posted: dict[int, dict[str, dict[str, Counts]]] = {}
    for subject, group, question in sorted(cells):
        counts = asked[subject][group][question]
        posted.setdefault(subject, {}).setdefault(group, {})[question] = counts
    return posted
