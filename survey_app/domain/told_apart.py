"""How somebody is named among others, so that nobody takes one for the other.

Three 李强 are three people: wherever a name repeats, unit and title stand beside it,
then the parent unit, and where even that is the same, the office's code. Everybody who
names a subject or a unit asks here.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from survey_app.domain.look_alike import squeezed


@dataclass(frozen=True, slots=True)
class Naming:
    """What is known of somebody, or of a unit, to name them by."""

    name: str
    unit: str
    """Of a person; empty for a unit, which is named by itself."""
    parent: str
    """Of the unit; empty where it has none."""
    title: str
    code: str


def told_apart(namings: Sequence[Naming]) -> list[str]:
    """Return what each is called among the others, in the order given.

    A name nobody else bears stands alone.
    """
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for place, naming in enumerate(namings):
        groups[squeezed(naming.name)].append(place)
    told = [naming.name for naming in namings]
    for places in groups.values():
        if len(places) > 1:
            apart = _apart([namings[place] for place in places])
            for place, text in zip(places, apart, strict=True):
                told[place] = text
    return told


def _apart(namings: Sequence[Naming]) -> list[str]:
    """Return names that differ, with as little beside them as possible."""
    texts: list[str] = []
    for beside in (_post, _place, _code):
        texts = [_with(naming.name, beside(naming)) for naming in namings]
        if len({squeezed(text) for text in texts}) == len(texts):
            break
    return texts


def _post(naming: Naming) -> str:
    """Return unit and title of a person, the parent of a unit."""
    return _joined(naming.unit or naming.parent, naming.title)


def _place(naming: Naming) -> str:
    """Return the same with the parent unit before it."""
    return _joined(naming.parent, naming.unit, naming.title)


def _code(naming: Naming) -> str:
    return _joined(naming.parent, naming.unit, naming.title, naming.code)


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _with(name: str, beside: str) -> str:
    return f"{name}（{beside}）" if beside else name
