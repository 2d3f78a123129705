"""A score sheet as text and back: exact, in no language, and as short as it can be.

Lines of canonical JSON. The first one is the sheet, every further one the parts of one
survey component, with the texts they speak of: all cadres of a unit share what was
said about their leading body, so such a line is made once, for all their sheets.

What could be chosen stands on a line once, and of the choices of every question only
how many picked each: they are six of seven numbers of a sheet and follow from that.
"""

import json
from collections.abc import Callable, MutableMapping, Sequence
from fractions import Fraction
from typing import Any

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.remark import Remark
from survey_app.domain.scoring.score_sheet import (
    NOBODY,
    Choices,
    Node,
    NodeKind,
    Parts,
    ScoreSheet,
)

FORMAT = 1
Lines = MutableMapping[int, tuple[Parts, str]]
"""Identity of some parts → themselves, so that no others take it, and their line."""
KINDS = {kind.value: kind for kind in NodeKind}
_encoded: Callable[[Any], str] = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":")
).encode


def sheet_text(sheet: ScoreSheet, known: Lines | None = None) -> str:
    """Return the text of a sheet; `known` remembers lines for the next one."""
    lines: list[str] = []
    known = {} if known is None else known

    def line_of(parts: Parts) -> int:
        found = known.get(id(parts))
        if found is None:
            inside = _Texts()
            written = [_node(part, inside, None) for part in parts]
            line = _encoded([*inside.said, written])
            found = known[id(parts)] = parts, line
        lines.append(found[1])
        return len(lines)

    texts = _Texts()
    blocked = [_remark(reason, texts) for reason in sheet.blocked]
    root = _node(sheet.root, texts, line_of)
    first = _encoded([FORMAT, sheet.places, *texts.said, blocked, root])
    return "\n".join([first, *lines])


Known = MutableMapping[str, Parts]
"""Line → the parts it says, once they were read."""


def sheet_of_text(text: str, known: Known | None = None) -> ScoreSheet:
    """Return the sheet whose text this is; ValueError where it is none.

    `known` remembers lines for the next one: cadres of a unit then share their parts.
    """
    first, *others = text.split("\n")
    try:
        version, places, *said, blocked, root = json.loads(first)
        if version != FORMAT:
            raise ValueError("a sheet of another format")
        lines = {} if known is None else known
        for line in others:
            if line not in lines:
                lines[line] = _of_line(line)
        read = _Read(said, [lines[line] for line in others])
        reasons = tuple(_remark_of(one, read.texts) for one in blocked)
        return ScoreSheet(read.node(root), places, reasons)
    except (LookupError, TypeError) as wrong:
        raise ValueError("no sheet") from wrong


def reasons_of_text(text: str) -> tuple[Remark, ...]:
    """Return why this sheet has no overall score; of it only the first line is read.

    ValueError where it is none.
    """
    first, _, _ = text.partition("\n")
    try:
        version, _, listed, *_others, blocked, _root = json.loads(first)
        if version != FORMAT:
            raise ValueError("a sheet of another format")
        texts = [Bilingual(*one) for one in listed]
        return tuple(_remark_of(one, texts) for one in blocked)
    except (LookupError, TypeError) as wrong:
        raise ValueError("no sheet") from wrong


def remark_text(said: Remark) -> str:
    """Return one remark as text."""
    texts = _Texts()
    written = _remark(said, texts)
    return _encoded([texts.listed, written])


def remark_of_text(text: str) -> Remark:
    """Return the remark whose text this is."""
    listed, written = json.loads(text)
    return _remark_of(written, [Bilingual(*one) for one in listed])


class _Texts:
    """The texts of a line, each once: a number stands for one wherever it is said."""

    def __init__(self) -> None:
        self.listed: list[tuple[str, str]] = []
        self._numbers: dict[tuple[str, str], int] = {}
        self.choices: list[list[Any]] = []
        """What could be chosen, each once, and nobody has picked yet."""
        self.rows: list[list[int]] = []
        """Which of them stand together."""
        self._choices: dict[int, tuple[Node, int]] = {}
        self._rows: dict[int, tuple[Parts, int]] = {}

    @property
    def said(self) -> tuple[list[Any], ...]:
        """All that numbers stand for."""
        return self.listed, self.choices, self.rows

    def number(self, text: Bilingual) -> int:
        """Return the number of a text."""
        said = text.zh, text.en
        found = self._numbers.get(said)
        if found is None:
            found = self._numbers[said] = len(self.listed)
            self.listed.append(said)
        return found

    def row(self, blanks: tuple[Node, ...]) -> int:
        """Return the number of what could be chosen."""
        found = self._rows.get(id(blanks))
        if found is None:
            found = self._rows[id(blanks)] = blanks, len(self.rows)
            self.rows.append([self._choice(blank) for blank in blanks])
        return found[1]

    def _choice(self, blank: Node) -> int:
        found = self._choices.get(id(blank))
        if found is None:
            written = _blank(blank, self)
            if written not in self.choices:
                self.choices.append(written)
            found = self._choices[id(blank)] = blank, self.choices.index(written)
        return found[1]


def _blank(blank: Node, texts: _Texts) -> list[Any]:
    label, source = texts.number(blank.label), texts.number(blank.source)
    return [blank.key, label, _number(blank.value), source, int(blank.published)]


def _choices(choices: Choices, texts: _Texts) -> list[Any]:
    """Return how many picked each choice; how many of them count, if not all do."""
    picked, counting = zip(*choices.picked, strict=True) if choices else ((), ())
    written = [texts.row(choices.blanks), choices.answers, picked]
    if counting != _all_that_rate(choices.blanks, picked):
        written.append(counting)
    return written


def _all_that_rate(blanks: tuple[Node, ...], picked: Sequence[int]) -> tuple[int, ...]:
    rated = zip(blanks, picked, strict=True)
    return tuple([0 if blank.value is None else count for blank, count in rated])


def _node(node: Node, texts: _Texts, line_of: Callable[[Parts], int] | None) -> Any:
    """Return the number as JSON has it; of a survey's parts their line's number."""
    parts: Any
    if isinstance(node.parts, Choices):
        parts = _choices(node.parts, texts)
    elif line_of is not None and node.kind is NodeKind.SURVEY and node.parts:
        parts = line_of(node.parts)
    else:
        parts = [_node(part, texts, line_of) for part in node.parts]
    return [
        node.kind,
        node.key,
        texts.number(node.label),
        _number(node.value),
        _number(node.weight),
        _remark(node.rule, texts),
        texts.number(node.source),
        int(node.published),
        _number(node.contribution),
        parts,
    ]


def _remark(said: Remark, texts: _Texts) -> list[Any]:
    written: list[Any] = [said.key]
    for name, figure in said.figures:
        written += name, figure if isinstance(figure, str) else texts.number(figure)
    return written


def _number(number: Fraction | None) -> str | int | None:
    if number is None:
        return None
    top, below = number.as_integer_ratio()
    return top if below == 1 else f"{top}/{below}"


def _of_line(line: str) -> Parts:
    *said, written = json.loads(line)
    read = _Read(said, ())
    return tuple(read.node(part) for part in written)


class _Read:
    """A line that is being read."""

    def __init__(
        self,
        said: Sequence[Any],
        lines: Sequence[Parts],
    ) -> None:
        listed, choices, rows = said
        self.texts = [Bilingual(*one) for one in listed]
        blanks = [self._blank(*one) for one in choices]
        self._rows = [tuple(blanks[one] for one in row) for row in rows]
        self._lines = lines

    def node(self, written: Any) -> Node:
        """Return the number that was written."""
        kind, key, label, value, weight, rule, source, published, adds, parts = written
        return Node(
            KINDS[kind],
            key,
            self.texts[label],
            _fraction(value),
            _fraction(weight),
            _remark_of(rule, self.texts),
            self.texts[source],
            bool(published),
            self._parts(parts),
            _fraction(adds),
        )

    def _parts(self, written: Any) -> Parts:
        if isinstance(written, int):
            return self._lines[written - 1]
        if not written or isinstance(written[0], list):
            return tuple([self.node(part) for part in written])
        row, answers, picked, *counting = written
        blanks = self._rows[row]
        kept = counting[0] if counting else _all_that_rate(blanks, picked)
        return Choices(blanks, tuple(zip(picked, kept, strict=True)), answers)

    def _blank(
        self, key: str, label: int, value: str | int | None, source: int, published: int
    ) -> Node:
        return Node(
            NodeKind.CHOICE,
            key,
            self.texts[label],
            _fraction(value),
            None,
            NOBODY,
            self.texts[source],
            bool(published),
        )


def _remark_of(written: list[Any], texts: list[Bilingual]) -> Remark:
    key, *told = written
    return Remark(
        key,
        tuple(
            (name, texts[figure] if isinstance(figure, int) else figure)
            for name, figure in zip(told[::2], told[1::2], strict=True)
        ),
    )


def _fraction(written: str | int | None) -> Fraction | None:
    if written is None or isinstance(written, int):
        return None if written is None else Fraction(written)
    top, _, below = written.partition("/")
    return Fraction(int(top), int(below))
