"""How often each choice was picked, and how many ballots there were: counting, once.

A tally is plain nested mappings, so that it can come from a database, a file or a
test alike: rater group → question → choice → count. Whoever adds counts up, merges
rater groups or makes a tally of single counts does it here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from survey_app.domain.questionnaire.question import (
    ANSWERED,
    BLANK,
    NOT_ASKED,
    WITHOUT_POINTS,
)

Counts = Mapping[str, int]
"""Choice → how often it was picked."""

GroupTally = Mapping[str, Counts]
"""Question → counts, for one rater group."""

PEOPLE = frozenset({ANSWERED, *WITHOUT_POINTS})
"""Where several choices may be ticked, what every person says once."""

Tally = Mapping[str, GroupTally]
"""Rater group → question → counts, for one subject and component."""

SubjectTally = Mapping[int, Tally]
"""Subject → tally."""

Place = tuple[int, str, str, str]
"""Subject, rater group, question, choice: where a single count belongs."""


def people(counts: Counts) -> int:
    """Return how many people these counts are of, whatever the kind of question.

    Who ticks several choices is counted once, and who was not asked as well.
    """
    if ANSWERED not in counts:
        return sum(counts.values())
    return sum([n for choice, n in counts.items() if choice in PEOPLE])


def heard(counts: Counts) -> int:
    """Return how many people said anything: without blanks, and who was not asked."""
    return people(counts) - counts.get(BLANK, 0) - counts.get(NOT_ASKED, 0)


def nested(counted: Mapping[Place, int]) -> dict[int, Tally]:
    """Return the tallies that single counts make, in the order the counts come in."""
    found: dict[int, dict[str, dict[str, dict[str, int]]]] = {}
    for (subject, group, question, choice), count in counted.items():
        questions = found.setdefault(subject, {}).setdefault(group, {})
        questions.setdefault(question, {})[choice] = count
    return dict(found)


def added(many: Iterable[Counts]) -> dict[str, int]:
    """Return choice → count over all of them; choices keep their first order."""
    total: dict[str, int] = {}
    for counts in many:
        for choice, count in counts.items():
            total[choice] = total.get(choice, 0) + count
    return total


def added_tallies(many: Iterable[Tally], merged: Mapping[str, str]) -> Tally:
    """Return the sum of tallies, the answers of merged groups counted in others.

    `merged` is group → the group it is counted in.
    """
    parts: dict[str, dict[str, list[Counts]]] = {}
    for tally in many:
        for group, asked in tally.items():
            questions = parts.setdefault(merged.get(group, group), {})
            for question, counts in asked.items():
                questions.setdefault(question, []).append(counts)
    return {
        group: {question: added(counts) for question, counts in questions.items()}
        for group, questions in parts.items()
    }


def merged_tally(tally: Tally, merged: Mapping[str, str]) -> Tally:
    """Return the tally in which the answers of these groups are counted in others."""
    return added_tallies([tally], merged) if merged else tally


@dataclass(frozen=True, slots=True)
class Turnout:
    """What is known about the ballots of one rater group; None where it is not."""

    issued: int | None = None
    returned: int | None = None
    invalid: int | None = None
    present: int | None = None
    membership: int | None = None

    def __add__(self, other: "Turnout") -> "Turnout":
        """Return both together; what is unknown of one of them stays unknown."""
        return Turnout(
            issued=_both(self.issued, other.issued),
            returned=_both(self.returned, other.returned),
            invalid=_both(self.invalid, other.invalid),
            present=_both(self.present, other.present),
            membership=_both(self.membership, other.membership),
        )


def _both(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


Turnouts = Mapping[str, Turnout]
"""Rater group → what is known about its ballots."""


def added_turnouts(many: Iterable[Turnouts], merged: Mapping[str, str]) -> Turnouts:
    """Return the sums by rater group, merged groups counted in others."""
    total: dict[str, Turnout] = {}
    for turnouts in many:
        for group, turnout in turnouts.items():
            key = merged.get(group, group)
            total[key] = total[key] + turnout if key in total else turnout
    return total
