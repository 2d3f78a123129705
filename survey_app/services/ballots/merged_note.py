"""Which groups were merged when their batches were requested, noted in the box.

A batch knows only the group it is counted in; which groups went into it cannot be told
from it again. Until the manifest takes its place, the box keeps them in the same column
as {"merged": {unit: {group: the group it is counted in}}}, merged groups only.
"""

import json

from survey_app.domain.ballots.canonical import by_number, canonical
from survey_app.models.ballots.box import BallotBox

Merged = dict[int, dict[str, str]]


def noted_merges(box: BallotBox) -> Merged:
    """Return unit → group → the group it is counted in, of a box still issuing."""
    return by_number(json.loads(box.manifest)["merged"]) if box.manifest else {}


def note_merges(box: BallotBox, unit_id: int, merged: dict[str, str]) -> None:
    """Note which groups of one unit are counted in another; of none, nothing."""
    noted = noted_merges(box)
    noted.pop(unit_id, None)
    moved = {group: into for group, into in merged.items() if group != into}
    if moved:
        noted[unit_id] = moved
    box.manifest = canonical({"merged": noted})
