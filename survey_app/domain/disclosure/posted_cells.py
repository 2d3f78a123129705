"""Which counts are posted in the open, so that everybody can recount them.

The posted counts are read by the rated people too, so they obey the strictest floors:
no group below the floor, no remainder below it, and no group that all but agrees.
"""

from collections.abc import Collection, Iterator, Mapping

from survey_app.domain.counting.tally import (
    Counts,
    GroupTally,
    SubjectTally,
    Tally,
    added,
)

Cell = tuple[int, str, str]
"""Subject, rater group, question."""


def open_cells(
    tally: SubjectTally, *, floor: int, shroud: int, dissatisfied: Collection[str] = ()
) -> frozenset[Cell]:
    """Return the cells whose counts anybody may read.

    `floor` and `shroud` are numbers of ballots. Where one group about a subject, or
    what is left of all beside the open groups, all but agrees on a question, everything
    about that subject stays closed. To close that question alone would say which one
    it was, and a score beside the other questions would say the rest. To agree is to
    make one choice, or any of the choices that count as dissatisfied.
    """
    return frozenset(
        (subject, group, question)
        for subject, groups in tally.items()
        for group, question in _open_about(groups, floor, shroud, dissatisfied)
    )


def _open_about(
    groups: Tally, floor: int, shroud: int, dissatisfied: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Yield the open (group, question) about one subject: of all questions, or none."""
    sizes = {group: _ballots(asked) for group, asked in groups.items()}
    shown = _large_groups(sizes, floor)
    questions = {question for asked in groups.values() for question in asked}
    for question in questions:
        parts = [groups[group].get(question, {}) for group in shown]
        hidden = [groups[g].get(question, {}) for g in sizes if g not in shown]
        parts.append(added(hidden))
        if any(_all_but_agree(counts, shroud, dissatisfied) for counts in parts):
            return
    yield from ((group, question) for group in shown for question in questions)


def _large_groups(sizes: Mapping[str, int], floor: int) -> set[str]:
    """Return the groups of at least the floor that leave nobody alone beside them."""
    shown = {group for group, ballots in sizes.items() if ballots >= floor}
    while shown and 0 < sum(sizes.values()) - sum(sizes[g] for g in shown) < floor:
        shown.remove(min(shown, key=lambda group: (sizes[group], group)))
    return shown


def _ballots(asked: GroupTally) -> int:
    """Return how many ballots there are: every one answers every question."""
    return max((sum(counts.values()) for counts in asked.values()), default=0)


def _all_but_agree(counts: Counts, shroud: int, dissatisfied: Collection[str]) -> bool:
    """Return whether one opinion leaves fewer than `shroud` ballots to all others."""
    objecting = sum(counts.get(choice, 0) for choice in dissatisfied)
    most = max((*counts.values(), objecting), default=0)
    return bool(counts) and sum(counts.values()) - most < shroud
