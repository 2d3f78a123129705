"""The sheet of cadres: rows → cadres, each with a post in a unit that exists."""

from collections.abc import Container, Iterable, Iterator

from survey_app.domain.remark import remark
from survey_app.domain.roster.roster import CadreEntry, CellFault, Row
from survey_app.domain.roster.roster_rows import Faults, complete_rows, rows_once
from survey_app.domain.roster.roster_sheets import CADRES, POSTS
from survey_app.domain.roster.written_cell import tidy, tidy_code, tidy_name
from survey_app.domain.scheme import Post


def cadre_entries(
    rows: Iterable[Row], units: Container[str], faults: Faults
) -> tuple[CadreEntry, ...]:
    """Return the cadres that can be used; `units` are the codes of all units."""
    complete = complete_rows(CADRES, rows, faults)
    once = rows_once(complete, "code", lambda row: tidy_code(row.text("code")), faults)
    return tuple(entry for row in once for entry in _entry(row, units, faults))


def _entry(row: Row, units: Container[str], faults: Faults) -> Iterator[CadreEntry]:
    """Yield the cadre of this row, or nothing where something is wrong."""
    unit, post = tidy_code(row.text("unit")), post_of(row.text("post"))
    if unit not in units:
        what = remark("roster-unknown-unit", code=unit)
        faults.append(CellFault(row.place("unit"), what))
    if post is None:
        what = remark("roster-unknown-post", written=row.text("post"))
        faults.append(CellFault(row.place("post"), what))
    if unit in units and post is not None:
        yield CadreEntry(
            row=row,
            code=tidy_code(row.text("code")),
            name=tidy_name(row.text("name")),
            unit=unit,
            post=post,
            title=tidy(row.text("title")),
        )


def post_of(written: str) -> Post | None:
    """Return the post, written in either language; None for anything else."""
    word = tidy_code(written).casefold()
    return next(
        (post for post, name in POSTS.items() if word in (name.zh, name.en)), None
    )
