"""The record of every act of the office, chained entry to entry.

An entry is written by the transaction of its act: both are kept or neither is. Who acts
stands in `session.info`, put there when the session is made, or with the engine of a
job or a verb of the terminal. Times are to the minute.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import Engine, event, insert, select, update
from sqlalchemy.orm import Session

from survey_app.accounts.record_anchor import tell_elsewhere
from survey_app.accounts.tables import PAGE, PLATFORM, RecordEntry, RecordHead
from survey_app.accounts.watched_rows import (
    ChangedRows,
    kept_until_commit,
    rows_changed,
    watch,
    within,
)
from survey_app.database import ACTOR, ANCHOR, seal_key_of

FIRST = "0" * 64
"""Stands for the hash before the first entry."""
LONGEST = 4000
"""Characters of one text of an entry; a longer one is cut and says so by its digest."""
PRINTED = 32
"""Hexadecimal digits of a hash on a paper."""
FIELDS = (
    "number", "minute", "account", "via", "act", "about", "before", "after", "reason",
    "previous",
)  # fmt: skip
"""What the hash is over, in this order."""
_ACT, _WAITING, _ASIDE = "record_act", "record_waiting", "record_aside"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, by what way, and in which minute."""

    account: str = ""
    via: str = PLATFORM
    act: str = ""
    """Of a job or a verb of the terminal: what it does, where it changes rows."""
    now: datetime | None = None
    """In UTC without a zone; None: it is asked when the entry is made."""


@dataclass(slots=True)
class OfficeAct:
    """What somebody does with a page: the first commit leaves its entry."""

    word: str
    about: str = ""
    reason: str = ""
    is_recorded: bool = False


def acting(account: str, *, now: datetime, via: str = PAGE) -> dict[str, Any]:
    """Return what `Session(info=...)` must hold for this account to act with it."""
    return {ACTOR: Actor(account, via, now=now)}


def session_for(engine: Engine, who: dict[str, Any], act: OfficeAct) -> Session:
    """Return a session whose first commit leaves an entry about this act.

    A later one does where it changes more, and a commit that was set `aside` does not.
    """
    session = Session(engine, info={**who, _ACT: act})
    watch(session)
    return session


def note(
    session: Session,
    act: str,
    *,
    about: str = "",
    before: str = "",
    after: str = "",
    reason: str = "",
) -> None:
    """Let this transaction leave an entry when it commits; none if it does not.

    `about` names kinds and keys, the widest first: "survey:12 subject:34". Nothing
    about a ticket, a ballot, an answer or whoever gave one may stand in any of them.
    """
    if not session.in_transaction():
        session.begin()  # so that a rollback is one of this entry, too
    said = {"act": act, "about": about, "before": before, "after": after}
    said |= {"reason": reason}
    kept_until_commit(session, _WAITING).append((within(session), said))


def act_for(session: Session, account: str) -> None:
    """Let this session act for whoever just signed in."""
    session.info[ACTOR] = replace(_actor_of(session), account=account)


def aside(session: Session) -> None:
    """Let the next commit leave no entry by itself: what it keeps is no act."""
    session.info[_ASIDE] = True


def newest(session: Session) -> tuple[int, str]:
    """Return number and hash of the newest entry; 0 and 64 zeros: there is none."""
    head = select(RecordHead.number, RecordHead.hash)
    number, told = session.execute(head).one_or_none() or (0, FIRST)
    return number, told


def newest_about(session: Session, about: str) -> tuple[int, str] | None:
    """Return number and hash of the newest act that changed something of this.

    The same as long as nothing of it changes, whoever looks at it: what is printed on
    a paper about it. None: no act about it is in the record.
    """
    changing = (
        select(RecordEntry.number, RecordEntry.hash)
        .where(RecordEntry.about == about)
        .where((RecordEntry.before != "") | (RecordEntry.after != ""))
    )
    newest_one = changing.order_by(RecordEntry.number.desc()).limit(1)
    row = session.execute(newest_one).one_or_none()
    return (row[0], row[1]) if row else None


def printed(entry: tuple[int, str] | None) -> str:
    """Return number and hash as papers say them and `survey record verify` reads.

    Half of the hash is as hard to meet by another record, and can be typed in.
    """
    return f"{entry[0]}:{entry[1][:PRINTED]}" if entry else ""


def plain(text: str) -> str:
    """Return the text as both databases keep it, cut where it is too long."""
    clean = text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
    if len(clean) <= LONGEST:
        return clean
    digest = hashlib.sha256(clean.encode()).hexdigest()
    return f"{clean[: LONGEST - 90]} … {len(clean)} SHA-256 {digest}"


def hash_of(entry: Mapping[str, Any]) -> str:
    """Return the hash of an entry over its canonical text, in hex."""
    told = {**entry, "minute": f"{entry['minute']:%Y-%m-%dT%H:%M}"}
    text = json.dumps([1, *(told[name] for name in FIELDS)], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def head_seal(key: bytes | None, number: int, told: str) -> str | None:
    """Return the seal over how long the record is; None without the server's key."""
    if key is None:
        return None
    text = f"head of the record {number} {told}"
    return hmac.new(key, text.encode(), "sha256").hexdigest()


@event.listens_for(Session, "before_commit")
def _leave_entries(session: Session) -> None:
    """Write what was noted and, where nothing was, what the session is doing."""
    if session.in_nested_transaction():
        return
    is_aside = session.info.pop(_ASIDE, False)
    act: OfficeAct | None = session.info.get(_ACT)
    if act is None and _WAITING not in session.info:
        return
    session.flush()
    rows = rows_changed(session)
    noted = [said for _, said in session.info.pop(_WAITING, [])]
    if act is not None and not noted and not is_aside:
        noted = _of_act(act, rows)
    if not noted:
        return
    reason = ""
    if act is not None:
        act.is_recorded, reason = True, act.reason
    if not any(said.get("before") or said.get("after") for said in noted):
        noted[0] |= {"before": rows.before, "after": rows.after}
    _chain(session, [_entry(_actor_of(session), said, reason) for said in noted])


def _of_act(act: OfficeAct, rows: ChangedRows) -> list[dict[str, str]]:
    """Return what is said of an act; nothing where it was said and no row changed."""
    if act.is_recorded and not (rows.before or rows.after):
        return []
    return [{"act": act.word, "about": act.about or rows.about}]


def _entry(actor: Actor, said: dict[str, str], reason: str) -> dict[str, Any]:
    now = actor.now or datetime.now(UTC).replace(tzinfo=None)
    texts = dict.fromkeys(("account", "act", "about", "before", "after", "reason"), "")
    texts |= {"account": actor.account} | said
    texts["reason"] = texts["reason"] or reason
    clean = {name: plain(text) for name, text in texts.items()}
    minute = now.replace(second=0, microsecond=0)
    return {**clean, "via": actor.via, "minute": minute}


def _chain(session: Session, entries: list[dict[str, Any]]) -> None:
    """Add the entries; the head is the last thing a transaction locks, and shortly."""
    head = select(RecordHead.number, RecordHead.hash).with_for_update()
    number, previous = session.execute(head).one()
    for entry in entries:
        number += 1
        entry |= {"number": number, "previous": previous}
        entry["hash"] = previous = hash_of(entry)
    session.execute(insert(RecordEntry), entries)
    seal = head_seal(seal_key_of(session), number, previous)
    session.execute(
        update(RecordHead).values(number=number, hash=previous, seal=seal),
        execution_options={"synchronize_session": False},
    )
    place = session.get_bind().get_execution_options().get(ANCHOR)
    if place:
        kept = partial(tell_elsewhere, place, number, previous)
        event.listen(session, "after_commit", lambda _: kept(), once=True)


def _actor_of(session: Session) -> Actor:
    told = session.info.get(ACTOR)
    if told is None:
        told = session.get_bind().get_execution_options().get(ACTOR, ())
    return told if isinstance(told, Actor) else Actor(*told)


@event.listens_for(Session, "after_begin")
def _watch_what_works(session: Session, *_: Any) -> None:
    """Let what a job or a verb of the terminal does to watched rows leave an entry."""
    actor = session.get_bind().get_execution_options().get(ACTOR)
    if actor is not None and _ACT not in session.info and len(actor) > 2:
        session.info[_ACT] = OfficeAct(actor[2], is_recorded=True)
        watch(session)
