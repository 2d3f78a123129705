"""What a transaction changes of the rows that the record speaks of, before and after.

Only what is named here is ever looked at: no column of an answer, a receipt, a ticket,
a comment, a count or a secret can reach the record by this road.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Table, event, inspect, select
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

WATCHED: Mapping[str, tuple[str, ...]] = {
    "account": ("username",),
    "account_name": ("account", "real_name"),
    "account_role": ("account_id", "role", "unit_id", "subject_id"),
    "account_survey": ("account_id", "survey_id"),
    "alert": ("state", "outcome", "measure", "held_by", "due_on"),
    "alert_act": (
        "kind", "reason", "before", "after", "measure", "outcome", "due_on",
    ),
    "attachment": ("name", "kind", "size", "sha256"),
    "audit_commitment": (),
    "cadre": ("code", "name", "title", "post", "unit_id"),
    "channel": ("rater_group", "place", "subject_id"),
    "comment_themes": ("written_by", "agreed_by"),
    "correction": ("what", "old", "new", "old_source", "new_source", "reason", "state"),
    "cycle": ("name", "scheme_key", "scheme_fingerprint", "settled_by", "settled_on"),
    "expected_raters": ("people",),
    "given_adjustment": (
        "kind", "points", "reason", "source", "state", "confirmed_by", "withdrawn_by",
    ),
    "given_password": ("account", "kind", "set_by"),
    "given_value": ("value", "source"),
    "key_holder": ("name", "fingerprint"),
    "named_rating": (
        "component_key", "rater_group", "rater", "capacity", "points", "reason",
        "signed_on", "source", "confirmed_by", "withdrawn_by", "withdrawn_because",
    ),
    "objection": ("filed_by", "verdict", "answered_by"),
    "paper_stack": (
        "name", "sheets", "state", "first_by", "second_by", "settled_by", "reason",
        "counted", "invalid",
    ),
    "rule_notes": (),
    "rule_text": ("kind", "key", "version", "state", "fingerprint"),
    "subject": ("kind", "unit_id", "cadre_id"),
    "survey": (
        "title", "component_key", "questionnaire_fingerprint", "opens_on", "closes_on",
        "state", "mode", "small_groups", "asks_proof",
    ),
    "survey_act": ("kind", "state", "reason", "before", "after"),
    "survey_subject": (),
    "unit": ("code", "name", "parent_id"),
}  # fmt: skip
"""Table → its columns that the record may name; of one without any, rows are counted
and named by their key."""
NAMED = ("survey", "cycle", "account", "unit", "cadre")
"""What an act is about that makes or changes one of these and names none itself."""
MOST = 20
"""Rows that an entry tells one by one; of the others it says how many."""
LONGEST = 200
"""Characters of one value."""
ROOM = 1800
"""Characters of all that is told one by one, before or after."""
_CHANGED = "record_changed"

Within = tuple[SessionTransaction, ...]
"""The savepoints that something was done within, from the innermost."""
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A row of a watched table: what of it was there, and what is; None: no row."""

    table: str
    key: str
    before: Values | None
    after: Values | None


@dataclass(frozen=True, slots=True)
class ChangedRows:
    """The same of a whole transaction, as an entry says it."""

    before: str = ""
    after: str = ""
    about: str = ""

    @classmethod
    def of(cls, rows: Iterable[ChangedRow]) -> "ChangedRows":
        """Return the texts: JSON of [table, key, values] and of [table, number]."""
        told = list(rows)
        named = {f"{row.table}:{row.key}" for row in told if row.table in NAMED}
        return cls(
            _text((row, row.before) for row in told),
            _text((row, row.after) for row in told),
            named.pop() if len(named) == 1 else "",
        )


def within(session: Session) -> Within:
    """Return the savepoints that are open now."""
    found, one = [], session.get_nested_transaction()
    while one is not None and one.nested:
        found.append(one)
        one = one.parent
    return tuple(found)


def kept_until_commit(session: Session, name: str) -> list[tuple[Within, Any]]:
    """Return a list in `session.info` that forgets what is rolled back."""
    kept: list[tuple[Within, Any]] = session.info.setdefault(name, [])
    session.info.setdefault("until_commit", set()).add(name)
    return kept


@event.listens_for(Session, "after_soft_rollback")
def _forget_undone(session: Session, undone: SessionTransaction) -> None:
    """Forget what was done within a savepoint that was rolled back."""
    for name in session.info.get("until_commit", ()):
        kept = session.info.get(name, [])
        kept[:] = [one for one in kept if undone not in one[0]]


@event.listens_for(Session, "after_transaction_end")
def _forget_all(session: Session, ended: SessionTransaction) -> None:
    """Forget what a transaction leaves behind that ended without a commit."""
    if ended.parent is None:
        for name in session.info.pop("until_commit", ()):
            session.info.pop(name, None)


def watch(session: Session) -> None:
    """Keep what this session changes of watched rows, for `rows_changed`."""
    event.listen(session, "after_flush", _see_flush)
    event.listen(session, "do_orm_execute", _see_statement)


def rows_changed(session: Session) -> ChangedRows:
    """Return what this transaction has changed so far, and forget it."""
    kept = session.info.pop(_CHANGED, [])
    return ChangedRows.of(row for _, row in kept)


def _see_flush(session: Session, _: Any) -> None:
    for row in session.new:
        _keep(session, row, None, {})
    for row in session.dirty:
        if changed := _changed(row):
            _keep(session, row, *changed)
    for row in session.deleted:
        _keep(session, row, {}, None)


def _changed(row: Any) -> tuple[Values, Values] | None:
    """Return what of a row was and is otherwise; None: nothing that is watched."""
    state = inspect(row)
    before, after = {}, {}
    for name in WATCHED.get(row.__tablename__, ()):
        history = state.attrs[name].history
        if history.has_changes():
            before[name] = history.deleted[0] if history.deleted else None
            after[name] = history.added[0] if history.added else None
    return (before, after) if after else None


def _keep(
    session: Session, row: Any, before: Values | None, after: Values | None
) -> None:
    table = row.__tablename__
    if table not in WATCHED:
        return
    state = inspect(row)
    # What is not loaded stays so: a row that is gone cannot be read any more.
    values = {name: state.dict.get(name) for name in WATCHED[table]}
    key = ",".join(map(str, state.mapper.primary_key_from_instance(row)))
    whole = [values if one == {} else one for one in (before, after)]
    _add(session, ChangedRow(table, key, *whole))


def _add(session: Session, *rows: ChangedRow) -> None:
    kept_until_commit(session, _CHANGED).extend((within(session), row) for row in rows)


def _see_statement(state: ORMExecuteState) -> None:
    """Keep what a statement about many rows is going to change."""
    statement: Any = state.statement
    if not (state.is_insert or state.is_update or state.is_delete):
        return
    table: Table = statement.table
    if table.name not in WATCHED:
        return
    if state.is_insert:
        given = state.parameters or []
        rows = [given] if isinstance(given, Mapping) else given
        _add(state.session, *_inserted(table, rows))
    else:
        _add(state.session, *_reached(state, table))


def _inserted(table: Table, rows: Iterable[Any]) -> Iterator[ChangedRow]:
    for row in rows:
        values = {name: row.get(name) for name in WATCHED[table.name]}
        yield ChangedRow(table.name, _key(table, row), None, values)


def _reached(state: ORMExecuteState, table: Table) -> Iterator[ChangedRow]:
    """Yield the rows that an UPDATE or DELETE is about to reach."""
    statement: Any = state.statement
    names = WATCHED[table.name]
    given = {
        column.key: getattr(value, "value", None)
        for column, value in (getattr(statement, "_values", None) or {}).items()
    }
    after = {name: given[name] for name in names if name in given}
    if state.is_update and not after:
        return
    wanted = select(*table.primary_key, *(table.c[name] for name in names))
    if statement.whereclause is not None:
        wanted = wanted.where(statement.whereclause)
    for row in state.session.connection().execute(wanted).mappings():
        before = {name: row[name] for name in (after if state.is_update else names)}
        key = _key(table, row)
        yield ChangedRow(table.name, key, before, after if state.is_update else None)


def _key(table: Table, row: Any) -> str:
    return ",".join(str(row.get(column.name, "")) for column in table.primary_key)


def _text(told: Iterable[tuple[ChangedRow, Values | None]]) -> str:
    """Return the rows one by one as far as there is room, then how many more."""
    rows: list[Any] = []
    length, more = 0, Counter[str]()
    for row, values in told:
        if values is None:
            continue
        one = [row.table, row.key, {n: _value(v) for n, v in values.items()}]
        length += len(_json(one))
        if len(rows) < MOST and length < ROOM:
            rows.append(one)
        else:
            more[row.table] += 1
    rows += [[table, number] for table, number in sorted(more.items())]
    return _json(rows) if rows else ""


def _value(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    text = value.isoformat() if isinstance(value, date) else str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _json(plain: Any) -> str:
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
