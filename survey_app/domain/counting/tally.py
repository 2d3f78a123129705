"""How often each choice was picked, and how many ballots there were.

A tally is plain nested mappings, so that it can come from a database, a file or a
test alike: rater group → question → choice → count.
"""

from collections.abc import Mapping
from dataclasses import dataclass

Counts = Mapping[str, int]
"""Choice → how often it was picked."""

GroupTally = Mapping[str, Counts]
"""Question → counts, for one rater group."""

Tally = Mapping[str, GroupTally]
"""Rater group → question → counts, for one subject and component."""

SubjectTally = Mapping[int, Mapping[str, Mapping[str, Mapping[str, int]]]]
"""Subject → rater group → question → choice → how many fragments say so."""


def merged_tally(tally: Tally, merged: Mapping[str, str]) -> Tally:
    """Return the tally in which the answers of these groups are counted in others.

    `merged` is group → the group it is counted in.
    """
    if not merged:
        return tally
    found: dict[str, dict[str, dict[str, int]]] = {}
    for group, asked in tally.items():
        questions = found.setdefault(merged.get(group, group), {})
        for question, counts in asked.items():
            total = questions.setdefault(question, {})
            for choice, count in counts.items():
                total[choice] = total.get(choice, 0) + count
    return found


@dataclass(frozen=True, slots=True)
class Turnout:
    """What is known about the ballots of one rater group; None where it is not."""

    issued: int | None = None
    returned: int | None = None
    invalid: int | None = None
    present: int | None = None
    membership: int | None = None
