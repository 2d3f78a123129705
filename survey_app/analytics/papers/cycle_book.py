"""The workbook of a cycle: every score, what it is made of, and the check of it all.

It holds what the pages of the cycle show and nothing else.
"""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import IO

from survey_app.analytics.kept.alert_list import ListedAlert
from survey_app.analytics.papers.check_sheets import CycleCheck
from survey_app.analytics.papers.cycle_columns import (
    add_code,
    alert_columns,
    asked_in,
    code_columns,
    group_columns,
    part_columns,
    score_columns,
)
from survey_app.analytics.papers.cycle_facts import CycleFacts
from survey_app.analytics.papers.cycle_sheets import CycleSheet
from survey_app.analytics.rate_meaning import rate_meaning
from survey_app.analytics.workbook.sheet_writer import (
    Book,
    Column,
    Formula,
)
from survey_app.domain.counting.ballots_handed_in import DENOMINATOR_NAMES
from survey_app.domain.ground.wording import say
from survey_app.domain.scoring.score_sheet import Choices, Node, NodeKind

Translate = Callable[[str], str]
NOT_PARTS = (NodeKind.GROUP, NodeKind.QUESTION, NodeKind.RATING, NodeKind.ADJUSTMENT)


def write_cycle_book(
    file: IO[bytes],
    facts: CycleFacts,
    sheets: Iterable[CycleSheet],
    alerts: Iterable[tuple[ListedAlert, str]],
    words: tuple[Translate, str],
) -> None:
    """Write the .xlsx file; one subject is at hand at a time.

    With each alert comes how far its review is, in the words of the file.
    """
    book = Book(facts.name, made_on=facts.made_on)
    made = _CycleBook(book, facts, *words)
    for number, one in enumerate(sheets, start=1):
        made.add(number, one)
    made.end(alerts)
    book.write_to(file)


class _CycleBook:
    """All sheets, in the order in which they are read."""

    def __init__(
        self, book: Book, facts: CycleFacts, _: Translate, language: str
    ) -> None:
        self._, self._language, self._facts = _, language, facts
        self._about = book.sheet(
            _("About"), [Column(_("What"), 26), Column(_("Content"), 90)]
        )
        places = facts.scheme.places.value
        look = "0." + "0" * places if places else "0"
        self._scores = book.sheet(_("Overall scores"), score_columns(_, look))
        self._parts = book.sheet(_("Components"), part_columns(_))
        self._groups = book.sheet(_("By rater group"), group_columns(_))
        self._alerts = book.sheet(_("Alerts"), alert_columns(_))
        self._code = book.sheet(_("Codebook"), code_columns(_))
        asked = facts.questionnaires
        self._check = CycleCheck(book, facts.scheme, asked, _, language)

    def add(self, number: int, one: CycleSheet) -> None:
        """Add a subject to all of them."""
        found = one.found
        who = number, found.name, found.unit
        row = self._check.add(number, one)
        overall = found.overall
        self._scores.row(
            *who,
            one.code,
            found.title,
            Fraction(found.rounded) if overall is not None else None,
            overall,
            str(overall) if overall is not None else "",
            Formula(f"={self._check.sheet.cell('L', row)}", "✓")
            if overall is not None
            else None,
            "；".join(say(one, self._, self._language) for one in found.blocked),
        )
        for node, above in _inside(found.sheet.root):
            if node.kind is NodeKind.GROUP:
                self._group(who, node, above)
            elif node.kind not in NOT_PARTS:
                self._part(who, node)

    def _part(self, who: tuple[int, str, str], node: Node) -> None:
        self._parts.row(
            *who,
            self._say(node),
            node.weight,
            node.value,
            node.contribution,
            say(node.rule, self._, self._language),
            node.source.in_language(self._language),
            self._("published") if node.published else self._("assumed"),
        )

    def _group(self, who: tuple[int, str, str], node: Node, above: Node) -> None:
        answers = [
            sum(count for count, _ in question.parts.picked)
            for question in node.parts
            if isinstance(question.parts, Choices)
        ]
        self._groups.row(
            *who,
            self._say(above),
            self._say(node),
            max(answers, default=None),
            node.weight,
            node.value,
            node.contribution,
            say(node.rule, self._, self._language),
        )

    def end(self, alerts: Iterable[tuple[ListedAlert, str]]) -> None:
        """Add what does not grow with every subject."""
        for what, content in self._said():
            self._about.row(what, content)
        wrong = f'=COUNTIF({self._check.sheet.column("L")},"✗")'
        self._about.row(self._("Numbers that do not agree"), Formula(wrong, 0))
        for number, (one, state) in enumerate(alerts, start=1):
            self._alert(number, one, state)
        add_code(self._code, self._facts, self._, self._language)

    def _alert(self, number: int, one: ListedAlert, state: str) -> None:
        alert, language = one.told.alert, self._language
        numbers = one.told.share is not None
        kind = DENOMINATOR_NAMES[alert.denominator_kind]
        self._alerts.row(
            number,
            one.subject,
            one.unit,
            one.survey,
            alert.label.in_language(language),
            one.told.question.in_language(language),
            one.told.group.in_language(language),
            alert.numerator if numbers else None,
            alert.denominator if numbers else None,
            kind.in_language(language),
            self._("crossed") if alert.crossed else self._("not crossed"),
            state,
            alert.source.in_language(language),
        )

    def _said(self) -> Iterator[tuple[str, str]]:
        """Yield what the reader of the numbers must know."""
        facts, _, language = self._facts, self._, self._language
        scheme = facts.scheme
        yield _("Cycle"), facts.name
        settled = facts.settled_on
        yield (_("Settled on"), str(settled) if settled else _("not settled yet"))
        yield _("Scheme"), scheme.title.in_language(language)
        yield _("Source of the scheme"), scheme.source.in_language(language)
        yield _("Fingerprint of the scheme"), scheme.fingerprint
        for survey in facts.surveys:
            yield (
                _("Survey"),
                f"{survey.title} ({survey.opens_on} – {survey.closes_on})",
            )
            yield (
                _("Fingerprint of the questionnaire"),
                survey.questionnaire_fingerprint,
            )
            yield _("Fingerprint of the publication plan"), survey.plan_fingerprint
        yield from self._rates()
        if facts.floor is not None:
            said = _(
                "rater groups with fewer than %(floor)s answers, and every number from "
                "which theirs could be worked out"
            )
            yield _("Withheld"), said % {"floor": facts.floor}
        yield from facts.seal.lines(_)
        yield (
            _("Check"),
            _(
                "Every overall score is worked out there once more by live formulas, "
                "from the counts on the last sheets and the values handed in. Change "
                "a count and see which scores do not agree any more."
            ),
        )

    def _rates(self) -> Iterator[tuple[str, str]]:
        """Yield what every share is taken of."""
        facts, _, language = self._facts, self._, self._language
        scheme = facts.scheme
        for rate in scheme.rates:
            asked = asked_in(scheme.component(rate.component), facts.questionnaires)
            if asked:
                meaning = rate_meaning(rate, asked).in_language(language)
                yield rate.label.in_language(language), meaning
        for rule in scheme.alerts:
            base = DENOMINATOR_NAMES[rule.denominator.value].in_language(language)
            said = _("threshold %(share)s of: %(base)s") % {
                "share": rule.threshold.value, "base": base,
            }  # fmt: skip
            yield rule.label.in_language(language), said

    def _say(self, node: Node) -> str:
        return node.label.in_language(self._language)


def _inside(root: Node) -> Iterator[tuple[Node, Node]]:
    """Yield every number down to the rater groups, with the one above it."""
    for part in root.parts:
        yield part, root
        if part.kind not in NOT_PARTS:
            yield from _inside(part)
