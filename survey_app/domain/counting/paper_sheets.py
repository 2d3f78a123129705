"""Sheets of paper, typed one by one: which are valid, and what the valid ones say.

Nobody can send a sheet of paper back. One that breaks a ballot rule is invalid (废票):
it was returned, says nothing about anybody, and is counted by the rule it broke.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey_app.domain.counting.tally import GroupTally
from survey_app.domain.questionnaire.ballot_lines import STOP, pick_on
from survey_app.domain.questionnaire.ballot_rules import (
    BallotRule,
    Mark,
    broken_rules,
    sheet_rules,
)
from survey_app.domain.questionnaire.questionnaire import BLANK

Sheet = Mapping[str, Mapping[str, str]]
"""Who is rated → line → what stands there; what is missing was left empty."""


@dataclass(frozen=True, slots=True)
class PaperCount:
    """What came of the sheets of one rater group."""

    returned: int
    invalid: int
    broken: tuple[int, ...]
    """How many sheets broke each rule; one that broke several counts with each."""
    tallies: Mapping[str, GroupTally]
    """Who is rated → question → choice → count, over the valid sheets."""

    @property
    def valid(self) -> int:
        """Sheets that count: returned = valid + invalid."""
        return self.returned - self.invalid


def count_sheets(
    sheets: Sequence[Sheet],
    rules: Sequence[BallotRule],
    questions: Sequence[str],
    ratings: Sequence[str] | None = None,
) -> PaperCount:
    """Return what these sheets come to; everybody on one of them is on all of them.

    `questions` are the lines of a sheet as a ballot has them; rules govern `ratings`,
    without them all.
    """
    people = tuple(dict.fromkeys(name for sheet in sheets for name in sheet))
    ruled = questions if ratings is None else ratings
    asked = sheet_rules(rules, range(len(people)), ruled)
    invalid, broken = 0, Counter[int]()
    said: Counter[tuple[str, str, str]] = Counter()
    for sheet in sheets:
        marks = _marks(sheet, people, questions)
        found = {one.rule.number for one in broken_rules(asked, marks)}
        invalid += bool(found)
        broken.update(found)
        if not found:
            said.update((people[s], q, choice) for (s, q), choice in marks.items())
    tallies: dict[str, dict[str, dict[str, int]]] = {
        name: {question: {} for question in questions if STOP not in question}
        for name in people
    }
    for (name, line, mark), count in said.items():
        if pick := pick_on(line, mark):
            tallies[name][pick[0]][pick[1]] = count
    by_rule = tuple(broken[number] for number in range(len(rules)))
    return PaperCount(len(sheets), invalid, by_rule, tallies)


def _marks(
    sheet: Sheet, people: Sequence[str], questions: Sequence[str]
) -> dict[Mark, str]:
    """Return every mark of a sheet; on paper an empty row is final."""
    return {
        (place, question): sheet.get(name, {}).get(question, BLANK)
        for place, name in enumerate(people)
        for question in questions
    }
