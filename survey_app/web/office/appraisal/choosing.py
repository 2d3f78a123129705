"""Choosing one subject of a cycle in a form: by code, by name, or by what is like it.

Nothing lists everybody, and nothing needs a script: what was written and is not one
code or one whole name brings the form back with those it may stand for.
"""

from collections.abc import Collection
from dataclasses import dataclass

from flask import request
from wtforms import StringField

from survey_app.analytics.cycle_subjects import cycle_subjects_page, meant_in_cycle
from survey_app.analytics.paging import ListAsked
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.rated import Rated
from survey_app.database import reading, session
from survey_app.forms.meant_subject import Meant, code_of
from survey_app.survey.rated import rated_in_cycle
from survey_app.web.office.access import scope


@dataclass(frozen=True, slots=True)
class Offered:
    """Those a text may stand for."""

    rows: tuple[tuple[str, Rated], ...]
    """Each with its code."""
    further: int
    """How many more there are."""


def whoever_is_meant(cycle: Cycle, kinds: Collection[str]) -> Meant:
    """Return who has a code or bears a name in the cycle; asked once for each text."""
    known: dict[str, list[Rated]] = {}

    def meant(written: str) -> list[Rated]:
        if written not in known:
            with reading(session()) as reader:
                known[written] = meant_in_cycle(
                    reader, cycle, written, kinds=kinds, scope=scope()
                )
        return known[written]

    return meant


def likely_code(cycle: Cycle) -> str:
    """Return the code of the subject the address names; empty where it names none."""
    about = request.args.get("about", 0, int)
    found = rated_in_cycle(session(), cycle.id, some=[about]) if about else []
    if found:
        scope().require_subject(session(), about)
    return next(map(code_of, found), "")


def offered(cycle: Cycle, kinds: Collection[str], field: StringField) -> Offered:
    """Return whom what is written may stand for; without fault the first of all."""
    written = str(field.data or "") if field.errors else ""
    with reading(session()) as reader:
        asked = ListAsked(search=written, scope=scope())
        page = cycle_subjects_page(reader, cycle, asked, kinds=kinds)
    rows = tuple((code_of(one), one) for one in page.rows)
    return Offered(rows, page.found - len(rows))
