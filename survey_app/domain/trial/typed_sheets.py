"""Sheets of paper in the JSON of a trial: read one by one, judged, and counted.

`sheets` holds them by component and rater group; `about` says whose score is asked
for, where they rate several.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.counting.paper_sheets import PaperCount, Sheet, count_sheets
from survey_app.domain.counting.tally import Turnout
from survey_app.domain.ground.file_faults import Fault, FaultList, nearest
from survey_app.domain.ground.remark import Remark
from survey_app.domain.ground.written_value import shown
from survey_app.domain.questionnaire.ballot_lines import TICKED, ballot_lines, line_of
from survey_app.domain.questionnaire.questionnaire import (
    ANSWERED,
    BLANK,
    WITHOUT_POINTS,
    Questionnaire,
)
from survey_app.domain.questionnaire.rule_words import rule_words
from survey_app.domain.scheme.components import every_component
from survey_app.domain.scheme.scheme import Component, Scheme, SurveyRules
from survey_app.domain.trial.score_input_fields import Reading

Papers = dict[str, dict[str, PaperCount]]
"""Component → rater group → what came of its sheets."""


def with_sheets(
    evidence: ScoreInput,
    content: object,
    scheme: Scheme | None,
    questionnaires: Mapping[str, Questionnaire],
    faults: FaultList,
) -> ScoreInput:
    """Return the evidence with what the sheets say; every mistake is noted.

    Without a scheme nobody knows the rules, and no sheet is counted.
    """
    sections = content if isinstance(content, dict) else {}
    if "sheets" not in sections or scheme is None:
        return evidence
    papers: Papers = {}
    for component, group, sheets, where in _typed(sections["sheets"], faults):
        rules = _rules(scheme, component)
        if rules is None:
            faults.note(where, "is no survey of this scheme", "name one that is")
        elif evidence.tallies.get(component, {}).get(group):
            wrong = "is counted under tallies already"
            faults.note(where, wrong, "write sheets or tallies")
        else:
            known = questionnaires.get(rules.questionnaire)
            asked = _lines(known, sheets)
            faults.faults += _strange(where, sheets, asked, rules)
            ratings = [one.key for one in known.ratings] if known else None
            counted = count_sheets(sheets, rules.ballot_rules, list(asked), ratings)
            papers.setdefault(component, {})[group] = counted
    about = sections.get("about")
    return _added(evidence, papers, about if isinstance(about, str) else "", faults)


def rules_broken(
    component: Component,
    count: PaperCount,
    say: Callable[[Remark], str],
    questionnaires: Mapping[str, Questionnaire],
) -> list[dict[str, object]]:
    """Return every rule of the component with the sheets that broke it.

    A rule is called by its kind where its questionnaire is not known.
    """
    rules = component.survey
    if rules is None:
        return []
    known = questionnaires.get(rules.questionnaire)
    return [
        {"rule": say(rule_words(rule, known)) if known else rule.kind, "sheets": broken}
        for rule, broken in zip(rules.ballot_rules, count.broken, strict=True)
    ]


def _typed(
    content: object, faults: FaultList
) -> Iterator[tuple[str, str, list[Sheet], str]]:
    """Yield component, rater group, sheets and place of all that was typed."""
    reading = Reading(faults)
    for component, groups, place in reading.items(content, "sheets"):
        for group, listed, below in reading.items(groups, place):
            if not isinstance(listed, list):
                faults.note(below, f"{shown(listed)} is no list", "write [ … ]")
                continue
            yield component, group, [
                {
                    name: {
                        line: said
                        for question, choice, _ in reading.items(picks, at)
                        if choice is not None
                        for line, said in _on_paper(question, choice)
                    }
                    for name, picks, at in reading.items(one, f"{below}[{n}]")
                }
                for n, one in enumerate(listed)
            ], below  # fmt: skip


def _rules(scheme: Scheme, component: str) -> SurveyRules | None:
    found = (c.survey for c in every_component(scheme.components) if c.key == component)
    return next(found, None)


def _on_paper(question: str, choice: object) -> Iterator[tuple[str, str]]:
    """Yield the lines that were typed as one; a list is all that was ticked."""
    if not isinstance(choice, list):
        yield question, str(choice)
        return
    yield question, ANSWERED if choice else BLANK
    yield from ((line_of(question, str(one)), TICKED) for one in choice)


def _lines(
    known: Questionnaire | None, sheets: Sequence[Sheet]
) -> dict[str, tuple[str, ...]]:
    """Return line → what may stand there beside ratings, by the questionnaire.

    Where that is not known, by the sheets.
    """
    if known:
        rated = {question.key for question in known.ratings}
        lines = ballot_lines(known)
        return {key: () if key in rated else said for key, said in lines.items()}
    picks = (picks for sheet in sheets for picks in sheet.values())
    return dict.fromkeys((line for one in picks for line in one), ())


def _strange(
    where: str,
    sheets: Sequence[Sheet],
    asked: Mapping[str, tuple[str, ...]],
    rules: SurveyRules,
) -> Iterator[Fault]:
    """Yield questions nobody asked and choices nobody could make, on every sheet."""
    for n, sheet in enumerate(sheets):
        for name, picks in sheet.items():
            for question, choice in picks.items():
                said = asked.get(question) or dict(rules.values_of(question))
                known = [*said, *WITHOUT_POINTS]
                at = f"{where}[{n}].{name}.{question}"
                if question not in asked:
                    wrong = f'there is no question "{question}"'
                    yield Fault(at, wrong, nearest(question, asked))
                elif choice not in known:
                    wrong = f'there is no choice "{choice}"'
                    yield Fault(at, wrong, nearest(choice, known))


def _added(
    evidence: ScoreInput, papers: Papers, about: str, faults: FaultList
) -> ScoreInput:
    """Return the evidence with the counts about one who is rated."""
    tallies = {key: dict(groups) for key, groups in evidence.tallies.items()}
    turnout = {key: dict(groups) for key, groups in evidence.turnout.items()}
    for component, groups in papers.items():
        for group, counted in groups.items():
            names = list(counted.tallies)
            name = about or (names[0] if len(names) == 1 else "")
            if name not in counted.tallies and names:
                wrong = f'nobody on these sheets is "{name}"' if name else "is missing"
                faults.note("about", wrong, nearest(name, names))
            said = counted.tallies.get(name, {})
            tallies.setdefault(component, {})[group] = said
            known = turnout.setdefault(component, {}).get(group, Turnout())
            turnout[component][group] = _with_invalid(known, counted)
    return replace(evidence, tallies=tallies, turnout=turnout, papers=papers)


def _with_invalid(known: Turnout, counted: PaperCount) -> Turnout:
    """Return the turnout with the invalid sheets beside those nobody could read."""
    unread = known.invalid or 0
    returned = counted.returned + unread
    return replace(
        known,
        invalid=counted.invalid + unread,
        returned=returned if known.returned is None else known.returned,
    )
