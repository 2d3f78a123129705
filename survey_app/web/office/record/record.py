"""The record of acts: read, filtered, and taken away as a file; nothing changes it."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey_app.accounts.permissions import SEE_RECORD
from survey_app.accounts.record import FIELDS, newest
from survey_app.analytics import record_row_words, record_words
from survey_app.analytics.record_list import RecordAsked, every_entry, record_part
from survey_app.database import session
from survey_app.domain.ground.clean_text import no_formula
from survey_app.web.clock import zone
from survey_app.web.office.access import allow
from survey_app.web.office.pages import pages

LONGEST = 80
"""Characters of a field of the filter."""
FIELDS_ASKED = ("account", "act", "about", "from", "to")
TABLES: Mapping[str, Mapping[str, str]] = {
    "WORDS": record_words.WORDS,
    "WAYS": record_row_words.WAYS,
    "THINGS": record_row_words.THINGS,
    "COLUMNS": record_row_words.COLUMNS,
    "VALUES": record_row_words.VALUES,
}
"""As the template names them."""


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """What the address asks of the record, as typed and as understood."""

    typed: Mapping[str, str]
    asked: RecordAsked
    notes: tuple[str, ...]

    @property
    def is_narrowed(self) -> bool:
        """Whether some entries may be left out."""
        return any(self.typed.values())

    def address(self, endpoint: str, **more: Any) -> str:
        """Return the address of a page with the same filter."""
        kept = {name: text for name, text in self.typed.items() if text}
        return url_for(endpoint, **(kept | more))


@pages.get("/record")
@allow(SEE_RECORD)
def record() -> str:
    """List the acts of the office, the newest first."""
    wanted = _filter()
    number, told = newest(session())
    return render_template(
        "office/record/record.html",
        wanted=wanted,
        part=record_part(session(), wanted.asked),
        acts=sorted(record_words.WORDS, key=lambda act: _word("WORDS", act)),
        word=_word,
        local=_local,
        newest=number,
        hash=told,
    )


@pages.get("/record.csv")
@allow(SEE_RECORD)
def record_file() -> Response:
    """Send the same entries as a file, as they are kept: their hashes can be redone."""
    asked, engine = replace(_filter().asked, below=0), session().get_bind()

    def lines() -> Iterator[str]:
        yield "\ufeff" + _csv((*FIELDS, "hash"))
        with Session(engine) as reader:
            for entry in every_entry(reader, asked):
                yield _csv(_cells(entry))

    response = Response(lines(), mimetype="text/csv")
    name = "attachment; filename=record.csv"
    response.headers["Content-Disposition"] = name
    response.headers["Cache-Control"] = "no-store"
    return response


def _word(table: str, name: str) -> str:
    """Return a name in words of the office; the name where it has none."""
    told = TABLES[table]
    return _(told[name]) if name in told else name


def _local(minute: datetime) -> str:
    """Return a minute as the clock of the office showed it."""
    return f"{minute.replace(tzinfo=UTC).astimezone(zone()):%Y-%m-%d %H:%M}"


def _cells(entry: Mapping[str, Any]) -> tuple[str, ...]:
    told = {**entry, "minute": f"{entry['minute']:%Y-%m-%dT%H:%M}"}
    return tuple(no_formula(str(told[name])) for name in (*FIELDS, "hash"))


def _csv(cells: tuple[str, ...]) -> str:
    line = StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()


def _filter() -> RecordFilter:
    typed = {name: request.args.get(name, "").strip() for name in FIELDS_ASKED}
    notes = []
    if any(len(text) > LONGEST for text in typed.values()):
        notes.append(_("What you filtered by is too long and was left out."))
        typed = {n: "" if len(t) > LONGEST else t for n, t in typed.items()}
    days = {name: _day(typed[name]) for name in ("from", "to")}
    for name, day in days.items():
        if typed[name] and day is None:
            notes.append(_("A day was not understood; write it like 2026-05-01."))
            typed[name] = ""
    asked = RecordAsked(
        account=typed["account"],
        act=typed["act"],
        about=typed["about"],
        since=_begins(days["from"]),
        until=_begins(days["to"] + timedelta(days=1) if days["to"] else None),
        below=request.args.get("below", 0, int),
    )
    return RecordFilter(typed, asked, tuple(notes))


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year < 9000 else None


def _begins(day: date | None) -> datetime | None:
    """Return when a day begins here, in UTC and without a zone."""
    if day is None:
        return None
    midnight = datetime.combine(day, datetime.min.time(), zone())
    return midnight.astimezone(UTC).replace(tzinfo=None)
