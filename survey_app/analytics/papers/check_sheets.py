"""Live formulas that recompute every overall score of a cycle from what was counted.

Counts stand on a sheet of their own for each survey component, one row a question and
rater group, its choices in columns by rising points. What was said of a leading body is
there once, and the sheets of all its cadres take it. A spreadsheet calculates with
binary fractions, the platform with exact ones: two numbers agree up to 10⁻⁹.
"""

import re
from collections.abc import Callable, Sequence
from fractions import Fraction

from survey_app.analytics.papers.count_sheets import (
    CountSheet,
    Questionnaires,
    choice_labels,
)
from survey_app.analytics.papers.cycle_sheets import CycleSheet
from survey_app.analytics.papers.score_tree import Layout, Line
from survey_app.analytics.workbook.sheet_writer import (
    COUNT,
    SCORE,
    Book,
    Column,
    Formula,
    Sheet,
)
from survey_app.domain.ground.wording import say
from survey_app.domain.scheme.components import every_component
from survey_app.domain.scheme.scheme import Scheme
from survey_app.domain.scoring.score_sheet import Choices, Node, NodeKind, Parts

Translate = Callable[[str], str]
WEIGHT, OUT_OF, GIVEN, WORKED, ADDS, SHOWN = "F", "G", "H", "I", "J", "K"
REMEMBERED = 50
"""Parts of surveys that the next sheets may share: a unit's stand close together."""


class CycleCheck:
    """The sheet in which every number is worked out again, and compared."""

    def __init__(
        self,
        book: Book,
        scheme: Scheme,
        questionnaires: Questionnaires,
        _: Translate,
        language: str,
    ) -> None:
        self._scheme, self._language, self._ = scheme, language, _
        self.sheet: Sheet = book.sheet(_("Check"), _columns(_))
        self._counts = {
            one.key: CountSheet(
                book, one, choice_labels(one.survey, questionnaires), _, language
            )
            for one in every_component(scheme.components)
            if one.survey
        }
        self._blocks: dict[int, tuple[Parts, tuple[int, int]]] = {}
        """Parts of a survey that were written already, and in which rows."""

    def add(self, number: int, one: CycleSheet) -> int:
        """Add a subject, which is the so-and-so-manieth; return its overall row."""
        found = one.found
        layout = Layout(self._scheme, found.post)
        lines = layout.lines(found.sheet)
        inside = {
            id(line): self._block(number, one, layout, line)
            for line in lines
            if line.node.kind is NodeKind.SURVEY and line.node.parts
        }
        rows = _numbered(lines, self.sheet.next_row)
        for line in lines:
            below = inside.get(id(line)) or _span(line.below, rows)
            self._row(number, one, line, _Standing(rows, below))
        return rows[id(lines[0])]

    def _block(
        self, number: int, one: CycleSheet, layout: Layout, survey: Line
    ) -> tuple[int, int]:
        """Return the rows of the survey's parts, written once for whoever shares them.

        Where the unit's next cadre takes the same parts, only the weights of his own
        post could differ, and then the parts are others.
        """
        parts = survey.node.parts
        if id(parts) in self._blocks:
            return self._blocks[id(parts)][1]
        if len(self._blocks) == REMEMBERED:
            self._blocks.clear()
        lines = layout.inside(survey)
        rows = _numbered(lines, self.sheet.next_row)
        rules = self._scheme.component(_key(survey)).survey
        for line in lines:
            formula = None
            # Numbers stand on no sheet, so no formula can work out their mean.
            if rules is not None and line.node.key in rules.other_valued:
                line.is_stated = line.is_stated or isinstance(line.node.parts, Choices)
            if isinstance(line.node.parts, Choices) and not line.is_stated:
                group = line.above.node if line.above else survey.node
                formula = self._counts[_key(survey)].add(
                    number, one.found.name, self._say(group), line.node
                )
            place = _Standing(rows, _span(line.below, rows), formula)
            self._row(number, one, line, place)
        found = _span(survey.below, rows)
        assert found is not None  # noqa: S101 -- it has parts
        self._blocks[id(parts)] = parts, found
        return found

    def _row(
        self, number: int, one: CycleSheet, line: Line, place: "_Standing"
    ) -> None:
        """Add one number: what it comes to, what it adds, and whether that is so."""
        node, row = line.node, place.rows[id(line)]
        worked, adds = None, None
        given = one.given.get(node.key, node.value) if line.is_stated else None
        if node.value is not None:
            worked = Formula(_value(line, row, place), float(node.value))
            if node.contribution is not None and line.above is not None:
                text = _added(line, row, _span(line.above.below, place.rows))
                adds = Formula(text, float(node.contribution))
        agrees = f'=IF(ABS({WORKED}{row}-{SHOWN}{row})<0.000000001,"✓","✗")'
        self.sheet.row(
            self._step(node.kind),
            number,
            one.found.name,
            one.found.unit,
            self._say(node),
            node.weight if node.kind is not NodeKind.RATING else None,
            line.out_of,
            given if node.value is not None else None,
            worked,
            adds,
            node.value,
            Formula(agrees, "✓") if worked else None,
            self._note(line),
        )

    def _note(self, line: Line) -> str:
        node, _ = line.node, self._
        if node.value is None:
            return say(node.rule, _, self._language)
        if line.is_stated and line.node.parts:
            return _("taken as it stands: a number it is made of is not told")
        return ""

    def _say(self, node: Node) -> str:
        return node.label.in_language(self._language)

    def _step(self, kind: NodeKind) -> str:
        _ = self._
        names = {
            NodeKind.OVERALL: _("Overall score"),
            NodeKind.GROUP: _("rater group"),
            NodeKind.QUESTION: _("question"),
            NodeKind.RATING: _("named rating"),
            NodeKind.ADJUSTMENTS: _("bonuses, deductions"),
            NodeKind.ADJUSTMENT: _("bonus, deduction"),
        }
        return names.get(kind) or _("component")


class _Standing:
    """Where a number and those it is made of stand."""

    def __init__(
        self,
        rows: dict[int, int],
        below: tuple[int, int] | None,
        formula: str | None = None,
    ) -> None:
        self.rows, self.below, self.formula = rows, below, formula


def _numbered(lines: Sequence[Line], first: int) -> dict[int, int]:
    return {id(line): row for row, line in enumerate(lines, start=first)}


def _span(below: Sequence[Line], rows: dict[int, int]) -> tuple[int, int] | None:
    return (rows[id(below[0])], rows[id(below[-1])]) if below else None


def _value(line: Line, row: int, place: _Standing) -> str:
    """Return the formula of a number."""
    if place.formula is not None:
        return place.formula
    text = f"{GIVEN}{row}"
    if not line.is_stated and place.below is not None:
        text = f"SUM({_range(ADDS, place.below)})"
    if line.most is not None:
        text = f"MIN({_number(line.most)},{text})"
    if line.least is not None:
        text = f"MAX({_number(line.least)},{text})"
    return f"={text}"


def _added(line: Line, row: int, beside: tuple[int, int] | None) -> str:
    """Return the formula of what a number adds to the one above it."""
    above = line.above
    assert above is not None and beside is not None  # noqa: S101, PT018 -- it has one
    if line.node.kind is NodeKind.RATING:
        return f"={WORKED}{row}/COUNT({_range(WORKED, beside)})"
    if line.node.weight is None or above.out_of is None:
        return f"={WORKED}{row}"
    weights, values = _range(WEIGHT, beside), _range(WORKED, beside)
    share = f'{WEIGHT}{row}/SUMPRODUCT({weights}*({values}<>""))'
    return f"={WORKED}{row}/{OUT_OF}{row}*{_number(above.out_of)}*{share}"


def _range(column: str, rows: tuple[int, int]) -> str:
    return f"${column}${rows[0]}:${column}${rows[1]}"


def _number(value: Fraction) -> str:
    """Return a number as a formula writes it: exact."""
    top, below = value.as_integer_ratio()
    return str(top) if below == 1 else f"({top}/{below})"


def _key(survey: Line) -> str:
    return re.sub("-before$", "", survey.node.key)


def _columns(_: Translate) -> list[Column]:
    return [
        Column(_("Step"), 14),
        Column(_("No."), 7, COUNT),
        Column(_("Subject"), 16),
        Column(_("Unit"), 16),
        Column(_("Number"), 34),
        Column(_("Weight"), 9, SCORE),
        Column(_("Out of"), 9, SCORE),
        Column(_("Handed in"), 12, SCORE),
        Column(_("Worked out here"), 14, SCORE),
        Column(_("Adds"), 12, SCORE),
        Column(_("On the sheet"), 14, SCORE),
        Column(_("Agrees"), 9),
        Column(_("Note"), 40),
    ]
