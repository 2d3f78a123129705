"""Where something stands in a scheme that is being written, as people would say it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext
from flask_babel import gettext as _

from survey_app.domain.ground.fault_words import mistake_in_words
from survey_app.domain.ground.file_faults import Fault
from survey_app.domain.ground.refusals import NotFound
from survey_app.domain.scheme.draft_places import LISTS, TABLES, part_at
from survey_app.forms.scheme.setting_words import LABELS
from survey_app.web.language import language

Tables = Mapping[str, object]
STEP = re.compile(r"[^.\[\]]+(?:\[\d+\])?")


@dataclass(frozen=True, slots=True)
class PlacedFault:
    """One mistake, where it stands, and how it is said there."""

    place: str
    """Of the part; empty: the head of the scheme."""
    setting: str
    """Of that part; empty: the part as a whole."""
    where: str
    """The same for people."""
    mistake: str


def placed_faults(tree: Tables, faults: Iterable[Fault]) -> list[PlacedFault]:
    """Return the faults of a draft with the parts they stand in."""
    found = []
    for fault in faults:
        place, setting = split_place(tree, fault.where)
        where = place_in_words(tree, fault.where)
        said = mistake_in_words(fault, gettext)
        found.append(PlacedFault(place, setting, where, said))
    return found


def split_place(tree: Tables, where: str) -> tuple[str, str]:
    """Return the innermost part of a place that is there, and which setting of it."""
    steps, place = STEP.findall(where), ""
    for step in steps:
        name = step.partition("[")[0]
        deeper = f"{place}.{step}".removeprefix(".")
        is_part = name in TABLES or (name in LISTS and "[" in step)
        if not is_part or not _is_there(tree, deeper):
            return place, step.partition("[")[0]
        place = deeper
    return place, ""


def _is_there(tree: Tables, place: str) -> bool:
    try:
        part_at(tree, place)
    except NotFound:
        return False
    return True


def place_in_words(tree: Tables, where: str) -> str:
    """Return a place as the names of the parts around it, and of the setting."""
    said, place = [], ""
    for step in STEP.findall(where):
        name = step.partition("[")[0]
        place = f"{place}.{step}".removeprefix(".")
        if "[" in step and name in LISTS and _is_there(tree, place):
            said.append(part_name(part_at(tree, place), place))
        elif name in LABELS:
            said.append(gettext(LABELS[name]))
        else:
            said.append(step)
    return " › ".join(said) or _("The scheme")


def part_name(part: Tables, place: str) -> str:
    """Return what a part is called: its name, its short name, or its number."""
    label = part.get("label")
    if isinstance(label, dict) and isinstance(label.get(language()), str):
        return str(label[language()])
    key = part.get("key")
    if isinstance(key, str) and key:
        return key
    name, _mark, number = place.rpartition(".")[2].partition("[")
    said = gettext(LABELS.get(name, name))
    return f"{said} {int(number[:-1]) + 1}" if number else said
