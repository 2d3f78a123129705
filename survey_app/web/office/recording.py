"""What is done, taken and seen at a page leaves its entry in the record.

What a form does is recorded by the transaction of its verb. A page of results is not
sent before its entry is kept; a page that cannot be recorded is not shown.
"""

from datetime import timedelta
from typing import Any

from flask import Response, current_app, g, make_response, request
from sqlalchemy import Engine, exists, select
from sqlalchemy.orm import Session

from survey_app.accounts.permissions import (
    COUNT,
    DECIDE,
    EXPORT,
    LEAD,
    REPORT_UNIT,
    REVIEW,
    SEE_OWN,
    SEE_RECORD,
    SEE_RESULTS,
)
from survey_app.accounts.record import OfficeAct, acting, note, session_for
from survey_app.accounts.tables import RecordEntry
from survey_app.analytics.record_words import (
    CHANGES_NOTHING,
    PART_OF,
    QUIET,
    SEEN,
    TAKEN,
    WITHOUT_MINUTE,
)
from survey_app.database import OUT_OF_REACH, session, writing
from survey_app.domain.ground.refusals import NotKept
from survey_app.survey.tables import Survey
from survey_app.web import errors
from survey_app.web.clock import now
from survey_app.web.office.access import door_to, username

OF_RESULTS = frozenset(
    {SEE_RESULTS, EXPORT, COUNT, REVIEW, DECIDE, LEAD, SEE_OWN, REPORT_UNIT, SEE_RECORD}
)
"""Whoever may one of these may see results, or what follows from them."""
OFTEN = timedelta(minutes=10)
"""Within it the same page seen by the same account is recorded once."""
SELDOM = timedelta(hours=1)
"""The same of what is refused: whoever tries again and again fills no record."""
LONGEST = 500
"""Characters of a reason that are kept."""


def begin() -> None:
    """Note what this request is about to do; the last thing before its view.

    Forms that everybody may send leave no entry by it: signing in notes that itself.
    Nor do those that only check what is sent, or bring what somebody else answered.
    """
    leaves_none = CHANGES_NOTHING | WITHOUT_MINUTE
    is_act = request.method == "POST" and _name() not in leaves_none
    if is_act and not _is_open():
        reason = request.form.get("reason", "").strip()[:LONGEST]
        g.record_act = OfficeAct(_name(), _about(), reason)


def opened(engine: Engine) -> Session:
    """Return the session that verbs of this request write with."""
    who, act = acting(username(), now=now()), g.get("record_act")
    return session_for(engine, who, act) if act else Session(engine, info=who)


def leave_entry(response: Response) -> Response:
    """Record what no transaction of a verb has recorded, or show nothing of it."""
    try:
        _record(response)
    except OUT_OF_REACH:
        return make_response(errors.refuse(NotKept()))
    return response


def _record(response: Response) -> None:
    act: OfficeAct | None = g.get("record_act")
    status = response.status_code
    if act is not None and status < 400:
        if not act.is_recorded:
            _write(act)
    elif act is None and status == 403 and username():
        _write_once(OfficeAct("denied"), SELDOM, after=_name())
    elif request.method == "POST" and _is_open() and status in (422, 429):
        _write_once(OfficeAct("refused-sign-in"), OFTEN)
    elif act is None and status in (200, 409) and _shows_results():
        seen = OfficeAct(_name(), _about())
        if _name() in TAKEN:
            _write(seen)
        else:
            _write_once(seen, OFTEN)


def _shows_results() -> bool:
    """Return whether this page does; one that nobody has named does, too."""
    if request.method not in ("GET", "HEAD") or _name() in QUIET:
        return False
    if _name() in SEEN or _name() in TAKEN:
        return True
    return bool(door_to(request.endpoint or "").permissions & OF_RESULTS)


def _write(act: OfficeAct, **said: str) -> None:
    """Keep an entry in a transaction of its own."""
    if "writer" in g:
        g.writer.rollback()  # it may still have SQLite's write lock
    engine = writing(current_app.extensions["survey_engine"])
    with Session(engine, info=acting(username(), now=now())) as own:
        note(own, act.word, about=act.about, reason=act.reason, **said)
        own.commit()


def _write_once(act: OfficeAct, within: timedelta, **said: str) -> None:
    """Do so unless the same account left such an entry within this time."""
    before = (
        select(RecordEntry.minute)
        .where(
            RecordEntry.about == act.about,
            RecordEntry.act == act.word,
            RecordEntry.account == username(),
            # What closed since then makes it another page.
            ~exists().where(Survey.closed_after >= RecordEntry.number),
        )
        .order_by(RecordEntry.number.desc())
        .limit(1)
    )
    last = session().scalar(before)
    if last is None or not timedelta() <= now() - last < within:
        _write(act, **said)


def _is_open() -> bool:
    return door_to(request.endpoint or "").is_open


def _name() -> str:
    name = (request.endpoint or "").rpartition(".")[2]
    return PART_OF.get(name, name)


def _about() -> str:
    """Return what the address names, by kind and key, and never a comment."""
    told: dict[str, Any] = request.view_args or {}
    return " ".join(
        f"{name.removesuffix('_id')}:{key}"
        for name, key in told.items()
        if (isinstance(key, int) and name != "slot") or name == "batch_id"
    )
