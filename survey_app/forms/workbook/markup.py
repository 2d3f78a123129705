"""XML read as a stream of events; nothing in it can multiply or point elsewhere.

A workbook needs no document type. Without one there are no entities, and so none that
grow a thousandfold.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol
from xml.parsers.expat import ExpatError, ParserCreate

from survey_app.domain.ground.file_faults import WorkbookRefused
from survey_app.domain.ground.remark import remark

DEEPEST = 64
"""Elements within each other; workbooks use a dozen."""
LONGEST_PIECE = 1024 * 1024
"""Bytes of one tag or comment: expat begins a long one again with every reading."""
Attributes = dict[str, str]


class Reader(Protocol):
    """What is told about the elements of one part, by their local names."""

    def start(self, name: str, attributes: Attributes) -> None:
        """Hear that an element begins."""

    def end(self, name: str) -> None:
        """Hear that it ends."""

    def text(self, text: str) -> None:
        """Hear some of the text within it."""


def read_markup(pieces: Iterable[bytes], reader: Reader) -> None:
    """Tell the reader everything in order; raises WorkbookRefused for anything odd."""
    parser = ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    depth = 0

    def start(name: str, attributes: Attributes) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            _refuse()
        reader.start(_local(name), _plain(attributes))

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        reader.end(_local(name))

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    try:
        fed = 0
        for piece in pieces:
            parser.Parse(piece, False)  # noqa: FBT003 -- expat's own signature
            fed += len(piece)
            if fed - parser.CurrentByteIndex > LONGEST_PIECE:
                _refuse()
        parser.Parse(b"", True)  # noqa: FBT003
    except (ExpatError, LookupError, ValueError) as error:  # encodings unknown here
        raise WorkbookRefused(remark("roster-not-a-workbook")) from error


def _refuse(*_told: object) -> None:
    raise WorkbookRefused(remark("roster-not-a-workbook"))


def _plain(attributes: Attributes) -> Attributes:
    """Return the attributes by their names alone; most have no namespace."""
    if any(" " in name for name in attributes):
        return {_local(name): value for name, value in attributes.items()}
    return attributes


@lru_cache(256)
def _local(name: str) -> str:
    """Return a name without its namespace."""
    return name.rpartition(" ")[2]


def is_set(attributes: Attributes, name: str) -> bool:
    """Return whether a yes-or-no attribute says yes."""
    return attributes.get(name, "") in {"1", "true", "on"}
