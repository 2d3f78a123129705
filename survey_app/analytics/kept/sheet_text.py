"""A score sheet as text and back: exact, in no language, and as short as it can be.

Lines of canonical JSON. The first one is the sheet, every further one the parts of one
survey component, with the texts they speak of: all cadres of a unit share what was said
about their leading body, so such a line is made once, for the sheets of all of them.
"""

import json
from collections.abc import Callable, MutableMapping, Sequence
from fractions import Fraction
from typing import Any

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.remark import Remark
from survey_app.domain.scoring.score_sheet import Node, NodeKind, ScoreSheet

FORMAT = 1
Parts = tuple[Node, ...]
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
            found = known[id(parts)] = (parts, _encoded([inside.listed, written]))
        lines.append(found[1])
        return len(lines)

    texts = _Texts()
    blocked = [_remark(reason, texts) for reason in sheet.blocked]
    root = _node(sheet.root, texts, line_of)
    first = _encoded([FORMAT, sheet.places, texts.listed, blocked, root])
    return "\n".join([first, *lines])


def sheet_of_text(text: str) -> ScoreSheet:
    """Return the sheet whose text this is; ValueError where it is none."""
    first, *others = text.split("\n")
    try:
        version, places, listed, blocked, root = json.loads(first)
        if version != FORMAT:
            raise ValueError("a sheet of another format")
        texts = [Bilingual(*one) for one in listed]
        lines = [_of_line(line) for line in others]
        return ScoreSheet(
            _node_of(root, texts, lines),
            places,
            tuple(_remark_of(one, texts) for one in blocked),
        )
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

    def number(self, text: Bilingual) -> int:
        """Return the number of a text."""
        said = text.zh, text.en
        found = self._numbers.get(said)
        if found is None:
            found = self._numbers[said] = len(self.listed)
            self.listed.append(said)
        return found


def _node(node: Node, texts: _Texts, line_of: Callable[[Parts], int] | None) -> Any:
    """Return the number as JSON has it; of a survey's parts their line's number."""
    parts: Any
    if line_of is not None and node.kind is NodeKind.SURVEY and node.parts:
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
    listed, written = json.loads(line)
    texts = [Bilingual(*one) for one in listed]
    return tuple(_node_of(part, texts, ()) for part in written)


def _node_of(written: Any, texts: list[Bilingual], lines: Sequence[Parts]) -> Node:
    kind, key, label, value, weight, rule, source, published, adds, parts = written
    return Node(
        KINDS[kind],
        key,
        texts[label],
        _fraction(value),
        _fraction(weight),
        _remark_of(rule, texts),
        texts[source],
        bool(published),
        lines[parts - 1]
        if isinstance(parts, int)
        else tuple([_node_of(part, texts, lines) for part in parts]),
        _fraction(adds),
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
