"""What is done, taken and seen at the office's pages stands in the record."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from survey_app.accounts.record import note
from survey_app.accounts.tables import Account, RecordEntry
from survey_app.accounts.verify_record import verify
from survey_app.accounts.watched_rows import WATCHED
from survey_app.all_tables import metadata
from survey_app.analytics.record_words import (
    CHANGES_NOTHING,
    DONE,
    PART_OF,
    QUIET,
    SEEN,
    TAKEN,
    WITHOUT_MINUTE,
    WORDS,
)
from survey_app.appraisal.make_cycle import make_cycle
from survey_app.database import writing
from survey_app.web.office.access import door_to
from survey_app.work import KINDS
from tests.conftest import FixedClock
from tests.support.doors import calls
from tests.support.office import AUDITOR, KEEPER, MANAGER, READER, Desk, desk
from tests.support.small_county import SCHEME, small_county
from tests.support.statements import counted

SECRET = {
    "ballot_count", "call_count", "choice_count", "comment", "comment_review",
    "flood_minute", "flood_sum", "intake_gate", "kept_alert", "kept_result", "receipt",
    "response", "sign_in", "sign_in_tries", "second_factor", "recovery_code",
    "told_call", "turnout_count", "typed_copy", "ballot_box", "batch", "ticket",
    "spent_ticket", "fragment", "tracker", "opened_comment",
}  # fmt: skip


@pytest.fixture
def manager(app: Flask, db: Session) -> Desk:
    return desk(app, db, MANAGER)


@pytest.fixture
def keeper(app: Flask, db: Session) -> Desk:
    return desk(app, db, KEEPER)


@pytest.fixture
def auditor(app: Flask, db: Session) -> Desk:
    return desk(app, db, AUDITOR)


def entries(engine: Engine) -> list[RecordEntry]:
    with Session(engine) as session:
        ordered = select(RecordEntry).order_by(RecordEntry.number)
        return list(session.scalars(ordered))


def test_every_form_and_every_page_of_results_has_its_words(app: Flask) -> None:
    """A new one fails here until somebody has said what the record calls it."""
    with app.app_context():
        ours = {
            (endpoint.removeprefix("office."), method)
            for endpoint, method, _ in calls(app)
            if endpoint.startswith("office.") and not door_to(endpoint).is_open
        }

    assert {name for name, how in ours if how == "POST"} == (
        DONE.keys() - {"enter"} | CHANGES_NOTHING | WITHOUT_MINUTE
    )
    assert {name for name, how in ours if how == "GET"} == (
        SEEN.keys() | TAKEN.keys() | QUIET | PART_OF.keys()
    )
    assert not QUIET & (SEEN.keys() | TAKEN.keys())
    assert set(KINDS) <= set(WORDS)


def test_no_column_of_an_answer_or_a_secret_is_watched() -> None:
    assert not WATCHED.keys() & SECRET
    for table, columns in WATCHED.items():
        assert set(columns) <= set(metadata.tables[table].columns.keys())
        assert not [name for name in columns if "password" in name or "secret" in name]
    assert {
        name for name in metadata.tables if {"slot", "ticket"} & set(_columns(name))
    } <= SECRET


def _columns(table: str) -> Iterator[str]:
    yield from metadata.tables[table].columns.keys()


def test_a_form_leaves_one_entry_and_a_refused_one_none(
    engine: Engine, keeper: Desk
) -> None:
    before = len(entries(engine))

    refused = keeper.send("/accounts", real_name="李四", username="", roles=READER)
    made = keeper.send("/accounts", real_name="李四", username="王芳", roles=READER)

    assert (refused.status_code, made.status_code) == (422, 200)
    (entry,) = entries(engine)[before:]
    assert (entry.act, entry.via, entry.account) == (
        "make_account",
        "page",
        keeper.username,
    )
    assert entry.about.startswith("account:")
    assert '"username":"王芳"' in entry.after
    assert '"role":"reader"' in entry.after
    assert "argon2" not in entry.after
    assert (entry.minute.hour, entry.minute.second) == (4, 0)  # noon in China


def test_what_is_changed_and_what_is_gone_is_told(
    engine: Engine, manager: Desk, keeper: Desk, db: Session
) -> None:
    with Session(writing(engine)) as session:
        cycle_id = make_cycle(session, "One year", scheme=SCHEME).id
    keeper.send("/accounts", real_name="李四", username="王芳", roles=READER)
    number = db.scalar(select(Account.id).where(Account.username == "王芳"))
    db.rollback()
    before = len(entries(engine))

    manager.send(f"/cycles/{cycle_id}/name", name="Another name")
    keeper.send(f"/accounts/{number}/delete")

    renamed, deleted = entries(engine)[before:]
    assert (renamed.act, renamed.about) == ("rename_cycle", f"cycle:{cycle_id}")
    assert renamed.after == f'[["cycle","{cycle_id}",{{"name":"Another name"}}]]'
    assert '"name":' in renamed.before
    assert renamed.before != renamed.after
    assert '"username":"王芳"' in deleted.before
    assert deleted.after == ""
    assert verify(engine).faults == ()


def test_a_page_of_results_is_recorded_once_in_ten_minutes(
    engine: Engine, manager: Desk, clock: FixedClock
) -> None:
    county = small_county(engine)
    county.settle()
    path = f"/surveys/{county.survey_id}/results"
    before = len(entries(engine))

    for _ in range(3):
        assert manager.open(path).status_code == 200
    manager.open(f"{path}/{county.subject_id}")
    manager.open("/surveys")
    clock.day += timedelta(days=1)
    desk_again(manager).open(path)

    told = [(one.act, one.about) for one in entries(engine)[before:]]
    assert told == [
        ("results", f"survey:{county.survey_id}"),
        ("subject_results", f"survey:{county.survey_id} subject:{county.subject_id}"),
        ("enter", ""),
        ("results", f"survey:{county.survey_id}"),
    ]


def desk_again(sitting: Desk) -> Desk:
    assert sitting.sign_in().status_code == 303
    return sitting


def test_recording_a_look_costs_four_statements(engine: Engine, manager: Desk) -> None:
    county = small_county(engine)
    county.settle()
    path = f"/surveys/{county.survey_id}/results"
    own = manager.client.application.extensions["survey_engine"]
    manager.open("/surveys")
    with counted(own) as first:
        manager.open(path)

    with counted(own) as again:
        manager.open(path)

    # The head, the entry, the head; and SQLite says BEGIN by a statement.
    assert len(first) - len(again) == 3 + (engine.dialect.name == "sqlite")


def test_what_cannot_be_recorded_is_not_shown(
    engine: Engine, manager: Desk, db: Session
) -> None:
    county = small_county(engine)
    county.settle()
    db.execute(text("ALTER TABLE record RENAME TO elsewhere"))
    db.commit()

    page = manager.open(f"/surveys/{county.survey_id}/results")

    assert page.status_code == 503
    assert "王一" not in page.get_data(as_text=True)


def test_refusals_fill_no_record(
    app: Flask, db: Session, engine: Engine, client: FlaskClient
) -> None:
    reader = desk(app, db, READER)
    before = len(entries(engine))

    for number in range(3):
        assert reader.open(f"/surveys/{number}").status_code == 403
        Desk(client).send("/sign-in", username=f"nobody {number}", password="wrong")

    told = [(one.act, one.account, one.after) for one in entries(engine)[before:]]
    assert told == [("denied", reader.username, "survey"), ("refused-sign-in", "", "")]


def test_signing_in_and_out_is_recorded_by_name(engine: Engine, manager: Desk) -> None:
    manager.send("/sign-out")

    told = [(one.act, one.account) for one in entries(engine)]
    assert told == [("enter", manager.username), ("sign_out", manager.username)]


def test_the_record_is_read_filtered_and_taken_away(
    engine: Engine, keeper: Desk, auditor: Desk
) -> None:
    keeper.send("/accounts", real_name="李四", username="王芳", roles=READER)
    keeper.send("/accounts", real_name="李四", username="=1+1", roles=READER)

    page = auditor.see("/record?act=make_account&from=2026-05-01&to=2026-05-01")
    none = auditor.see("/record?from=2026-05-02").text
    odd = auditor.see("/record?from=yesterday&below=-1").text
    file = auditor.open("/record.csv?act=make_account")

    assert "王芳" in page.text
    assert "12:00" in page.text
    assert "王芳" not in none
    assert "2026-05-01" in odd
    lines = file.get_data(as_text=True).splitlines()
    assert (len(lines), file.status_code) == (3, 200)
    told = [one.act for one in entries(engine)]
    assert told[-4:] == ["make_account", "make_account", "record", "record_file"]


def test_a_page_of_the_record_costs_what_stands_on_it(
    engine: Engine, auditor: Desk
) -> None:
    auditor.see("/record")
    with counted(auditor.client.application.extensions["survey_engine"]) as few:
        auditor.see("/record")
    with Session(writing(engine)) as session:
        for number in range(120):
            note(session, "results", about=f"survey:{number % 7}")
        session.commit()

    with counted(auditor.client.application.extensions["survey_engine"]) as many:
        page = auditor.open("/record?about=survey:3").get_data(as_text=True)
        first = auditor.open("/record").get_data(as_text=True)

    # On each the titles of surveys; names of people only where somebody is named.
    assert len(many) == 2 * (len(few) - 1) + 2, many
    assert page.count("<tr>") == 1 + 17
    assert "/office/record?below=" in first
