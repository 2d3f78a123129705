"""Who can be confused: codes that look alike, people of one name, two heads of a unit.

Codes that differ in nothing but capitals are a mistake. Everything else can be meant
and is a warning: whoever checks a workbook reads it before importing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from survey_app.appraisal.roster.roster import (
    CadreEntry,
    CellFault,
    KnownRoster,
    Roster,
    Row,
    UnitEntry,
)
from survey_app.appraisal.roster.roster_sheets import SheetForm
from survey_app.domain.ground.look_alike import code_shape, squeezed
from survey_app.domain.ground.remark import remark
from survey_app.domain.ground.written_value import tidy_code
from survey_app.domain.scheme.scheme import Post

MOST_NAMED = 5
"""Codes named in one warning; a name that is borne by more is no twin but a habit."""


def twin_codes(
    form: SheetForm, rows: Iterable[Row], known: Collection[str]
) -> Iterator[CellFault]:
    """Yield a fault for every new code that differs from another only in capitals."""
    first: dict[str, str] = {squeezed(code): code for code in known}
    for row in rows:
        code = tidy_code(row.text("code"))
        other = first.setdefault(squeezed(code), code)
        if other != code and code not in known:
            what = remark("roster-twin-code", code=code, other=other, sheet=form.name)
            yield CellFault(row.place("code"), what)


def warnings_of(roster: Roster, known: KnownRoster) -> Iterator[CellFault]:
    """Yield what somebody should look at before this roster is imported.

    Only rows of the workbook are named: what the office has kept already is no news.
    """
    yield from _alike(roster.units, known.parents)
    yield from _alike(roster.cadres, known.cadres)
    yield from _same_units(roster.units, known)
    people = _people(roster.cadres, known)
    yield from _same_names(people)
    yield from _two_heads(people)


def _alike(
    entries: Iterable[UnitEntry | CadreEntry], known: Iterable[str]
) -> Iterator[CellFault]:
    """Yield new codes that look like another: T01 and TO1, 007 and 7."""
    kept = set(known)
    shapes: defaultdict[str, set[str]] = defaultdict(set)
    entries = tuple(entries)
    for code in (*kept, *(entry.code for entry in entries)):
        shapes[code_shape(code)].add(code)
    for entry in entries:
        others = {
            other
            for other in shapes[code_shape(entry.code)]
            if other != entry.code and squeezed(other) != squeezed(entry.code)
        }
        if others and entry.code not in kept:
            codes = _named(others)
            what = remark("roster-alike-code", code=entry.code, others=codes)
            yield CellFault(entry.row.place("code"), what)


def _same_units(
    entries: Iterable[UnitEntry], known: KnownRoster
) -> Iterator[CellFault]:
    """Yield new units that bear the name of another."""
    entries = tuple(entries)
    names = {**known.unit_names, **{entry.code: entry.name for entry in entries}}
    by_name: defaultdict[str, set[str]] = defaultdict(set)
    for code, name in names.items():
        by_name[squeezed(name)].add(code)
    for entry in entries:
        others = by_name[squeezed(entry.name)] - {entry.code}
        if others and known.unit_names.get(entry.code) != entry.name:
            what = remark(
                "roster-same-unit-name", name=entry.name, codes=_named(others)
            )
            yield CellFault(entry.row.place("name"), what)


def _people(
    entries: Iterable[CadreEntry], known: KnownRoster
) -> dict[str, tuple[str, str, Post, CadreEntry | None]]:
    """Return code → name, unit, post and row of all cadres, as they will be."""
    people: dict[str, tuple[str, str, Post, CadreEntry | None]] = {
        code: (one.name, one.unit, one.post, None)
        for code, one in known.persons.items()
    }
    for entry in entries:
        kept = known.persons.get(entry.code)
        same = kept and (kept.name, kept.unit, kept.post) == (
            entry.name, entry.unit, entry.post,
        )  # fmt: skip
        news = None if same else entry
        people[entry.code] = entry.name, entry.unit, entry.post, news
    return people


def _same_names(
    people: Mapping[str, tuple[str, str, Post, CadreEntry | None]],
) -> Iterator[CellFault]:
    """Yield those who bear the name of another: in their unit, or anywhere."""
    by_name: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for code, (name, unit, _, _) in people.items():
        by_name[squeezed(name)][code] = unit
    for code, (name, unit, _, entry) in people.items():
        others = {c: u for c, u in by_name[squeezed(name)].items() if c != code}
        if entry is None or not others:
            continue
        beside = {other for other, where in others.items() if where == unit}
        if beside:
            codes = _named(beside)
            what = remark("roster-same-name-in-unit", name=name, codes=codes)
        else:
            what = remark("roster-same-name", name=name, codes=_named(others))
        yield CellFault(entry.row.place("name"), what)


def _two_heads(
    people: Mapping[str, tuple[str, str, Post, CadreEntry | None]],
) -> Iterator[CellFault]:
    """Yield principals of a unit that has another one."""
    heads: defaultdict[str, set[str]] = defaultdict(set)
    for code, (_, unit, post, _) in people.items():
        if post is Post.PRINCIPAL:
            heads[unit].add(code)
    for code, (_, unit, post, entry) in people.items():
        others = heads[unit] - {code}
        if entry is not None and post is Post.PRINCIPAL and others:
            what = remark("roster-two-principals", unit=unit, codes=_named(others))
            yield CellFault(entry.row.place("post"), what)


def _named(codes: Iterable[str]) -> str:
    """Return some codes in one text, not endlessly many."""
    named = sorted(codes)
    return " ".join(named[:MOST_NAMED]) + (" …" if len(named) > MOST_NAMED else "")
