"""The record of every act of the office, chained entry to entry.

An entry is written by the transaction of its act: both are kept or neither is. Who acts
stands in `session.info`, put there when the session is made, or with the engine of a
job or a verb of the terminal.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import event, insert, select, update
from sqlalchemy.orm import Session, SessionTransaction

from survey_app.accounts.tables import PAGE, PLATFORM, RecordEntry, RecordHead
from survey_app.database import ACTOR, seal_key_of

FIRST = "0" * 64
"""Stands for the hash before the first entry."""
LONGEST = 4000
"""Characters of one text of an entry; a longer one is cut and says so by its digest."""
FIELDS = (
    "number", "minute", "account", "via", "act", "about", "before", "after", "reason",
    "previous",
)  # fmt: skip
"""What the hash is over, in this order."""
_WAITING = "record_waiting"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, by what way, and in which minute."""

    account: str = ""
    via: str = PLATFORM
    now: datetime | None = None
    """In UTC without a zone; None: it is asked when the entry is made."""


@dataclass(frozen=True, slots=True)
class _Noted:
    """An entry that waits for the commit, and the savepoints it was made within."""

    said: Mapping[str, str]
    within: tuple[SessionTransaction, ...]


def acting(account: str, *, now: datetime, via: str = PAGE) -> dict[str, Any]:
    """Return what `Session(info=...)` must hold for this account to act with it."""
    return {ACTOR: Actor(account, via, now)}


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
    texts = {"about": about, "before": before, "after": after, "reason": reason}
    said = {"act": act} | {name: plain(text) for name, text in texts.items()}
    waiting = session.info.get(_WAITING)
    if waiting is None:
        waiting = session.info[_WAITING] = []
        event.listen(session, "before_commit", _write_waiting)
        event.listen(session, "after_soft_rollback", _forget_undone)
        event.listen(session, "after_transaction_end", _forget_all)
    if not session.in_transaction():
        session.begin()  # so that a rollback is one of this entry, too
    waiting.append(_Noted(said, _savepoints(session)))


def newest(session: Session) -> tuple[int, str]:
    """Return number and hash of the newest entry; 0 and 64 zeros: there is none."""
    head = select(RecordHead.number, RecordHead.hash)
    number, told = session.execute(head).one_or_none() or (0, FIRST)
    return number, told


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
    return hmac.new(
        key, f"head of the record {number} {told}".encode(), "sha256"
    ).hexdigest()


def _savepoints(session: Session) -> tuple[SessionTransaction, ...]:
    found, one = [], session.get_nested_transaction()
    while one is not None and one.nested:
        found.append(one)
        one = one.parent
    return tuple(found)


def _forget_undone(session: Session, undone: SessionTransaction) -> None:
    """Forget what was noted within a savepoint that was rolled back."""
    waiting: list[_Noted] = session.info[_WAITING]
    waiting[:] = [one for one in waiting if undone not in one.within]


def _forget_all(session: Session, ended: SessionTransaction) -> None:
    """Forget what a transaction leaves behind that ended without a commit."""
    if ended.parent is None:
        session.info[_WAITING].clear()


def _write_waiting(session: Session) -> None:
    """Chain what was noted; the head is the last thing this transaction locks."""
    waiting: list[_Noted] = session.info[_WAITING]
    if session.in_nested_transaction() or not waiting:
        return
    actor = _actor_of(session)
    now = actor.now or datetime.now(UTC).replace(tzinfo=None)
    told = {
        "minute": now.replace(second=0, microsecond=0),
        "account": plain(actor.account),
        "via": actor.via,
    }
    entries = [{**told, **one.said} for one in waiting]
    session.flush()
    waiting.clear()
    _chain(session, entries)


def _chain(session: Session, entries: list[dict[str, Any]]) -> None:
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


def _actor_of(session: Session) -> Actor:
    told = session.info.get(ACTOR)
    if told is None:
        told = session.get_bind().get_execution_options().get(ACTOR)
    if isinstance(told, Actor):
        return told
    return Actor(*told) if told else Actor()
