"""From a closed box to its counts in the main database, on both kinds of database."""

import secrets
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from survey_app.ballot.decryption_minutes import decryption_minutes
from survey_app.ballot.decryption_verbs import decrypt_here
from survey_app.ballot.finish_decryption import finish_decryption
from survey_app.ballot.main_tables import BallotCount
from survey_app.ballot.paper.decrypted import Decrypted
from survey_app.ballot.paper.head import SignedHead
from survey_app.ballot.record_decryption import record_decryption
from survey_app.ballot.sealing.decrypting import decrypt_box
from survey_app.ballot.sealing.export_checks import is_signed_by_server
from survey_app.ballot.sealing.secrets_folder import destroy_secrets
from survey_app.ballot.tables import CLOSED, COUNTED, DONE, BallotBox, Batch
from survey_app.domain.ground.refusals import (
    BoxNotReady,
    ExportRefused,
    KeyRefused,
    NotFound,
    SecretsMissing,
)
from survey_app.survey.counters import ChoiceCount
from tests.support.ballot_box import StandingBox, standing_box
from tests.support.closed_box import closed_box, decrypt_compared, exported, take
from tests.support.decrypted_box import everything
from tests.support.holder_keys import holder_keys
from tests.support.secret_county import secret_county


@pytest.fixture
def box(engine: Engine, ballots: Engine, tmp_path: Path) -> StandingBox:
    return closed_box(engine, ballots, tmp_path / "secrets")


def decrypt_all(box: StandingBox, main: Session) -> None:
    """Open the box here, after the auditors compared."""
    decrypt_compared(box, main, holder_keys())


def finish(box: StandingBox, main: Session) -> None:
    finished = finish_decryption(
        main, box.ballots, box.survey_id, secrets_folder=box.folder
    )
    assert finished.not_rewritten == ()


def state(box: StandingBox) -> str:
    with Session(box.ballots) as boxes:
        return boxes.get_one(BallotBox, box.survey_id).state


def test_an_opened_box_is_counted_and_nothing_else_is_left(
    box: StandingBox, main: Session
) -> None:
    decrypt_all(box, main)
    found = everything(box)

    expected = {("staff", "good"): 9, ("staff", "bad"): 5, ("residents", "good"): 12,
                ("residents", "bad"): 9, ("residents", "dont_know"): 1}  # fmt: skip
    assert found["counts"] == sorted(
        (0, subject, group, question, choice, count)
        for subject in box.county.subjects[box.county.units[0]]
        for question in ("work", "overall")
        for (group, choice), count in expected.items()
    )
    subject = box.county.subjects[box.county.units[0]][0]
    assert found["comments"] == [(0, subject, "第一条意见")]
    assert (found["state"], found["survey"]) == (DONE, "closed")
    assert found["tickets"] == found["waiting"] == found["secrets"] == []
    assert len(found["fragments"]) == 36 * 2 * 2  # type: ignore[arg-type]  # a list
    assert found["evaluated"] is not None
    assert '"leaders"' in str(found["head"])


def test_every_ticket_is_accounted_for(box: StandingBox, main: Session) -> None:
    decrypt_all(box, main)
    found = everything(box)
    issued = sum(batch.issued for batch in box.manifest.batches)
    spent: list[int] = found["spent"]  # type: ignore[assignment]  # a list of states

    assert len(spent) == issued
    assert (spent.count(1), spent.count(3)) == (36, 1)
    with Session(box.ballots) as boxes:
        groups = {b.rater_group for b in boxes.scalars(select(Batch))
                  if b.unit_id == box.county.units[0]}  # fmt: skip
    assert groups == {"staff", "residents"}, "the group on the slip is stored nowhere"


def test_the_minute_says_what_was_destroyed(box: StandingBox, main: Session) -> None:
    with pytest.raises(BoxNotReady):
        decryption_minutes(box.ballots, box.survey_id)
    take(box, main, decrypt_box(exported(box, main), holder_keys()))
    before = decryption_minutes(box.ballots, box.survey_id)
    finish(box, main)
    after = decryption_minutes(box.ballots, box.survey_id)

    assert (before.envelopes_deleted, before.secrets_destroyed) == (False, False)
    assert (after.envelopes_deleted, after.secrets_destroyed) == (True, True)
    assert [name for name, _ in after.key_holders] == ["组织部", "纪检监察机关"]
    assert after.manifest == box.manifest.fingerprint
    assert (after.comments, after.challenges) == (1, 1)


def test_the_minute_names_every_group_that_drew_from_a_batch(
    engine: Engine, ballots: Engine, tmp_path: Path, main: Session
) -> None:
    county = secret_county(engine, units=1)
    (unit,) = county.units
    box = standing_box(
        county,
        ballots,
        tmp_path / "merged",
        eligible={"staff": 10, "residents": 10},
        merged={unit: {"leaders": "staff"}},
    )
    box.close()
    decrypt_all(box, main)

    minute = decryption_minutes(box.ballots, box.survey_id)

    drawn = [groups for _, groups in minute.batches]
    assert drawn == [("leaders", "staff"), ("residents",)]


def test_the_server_signs_what_it_has_taken(box: StandingBox, main: Session) -> None:
    opened = decrypt_box(exported(box, main), holder_keys())
    take(box, main, opened)
    with Session(box.ballots) as boxes:
        posted = SignedHead.from_json(boxes.get_one(BallotBox, box.survey_id).head)

    assert posted.head == opened.head
    assert is_signed_by_server(posted)
    assert not is_signed_by_server(opened.signed)


def test_an_open_box_is_neither_exported_nor_finished(
    engine: Engine, ballots: Engine, tmp_path: Path, main: Session
) -> None:
    box = standing_box(secret_county(engine), ballots, tmp_path / "secrets")

    with pytest.raises(BoxNotReady):
        exported(box, main)
    with pytest.raises(BoxNotReady):
        finish(box, main)


def test_a_box_is_opened_once(box: StandingBox, main: Session) -> None:
    export = exported(box, main)
    first, second = (
        decrypt_box(export, holder_keys()),
        decrypt_box(export, holder_keys()),
    )
    take(box, main, first)
    take(box, main, first)

    with pytest.raises(BoxNotReady):
        take(box, main, second)
    with pytest.raises(BoxNotReady):
        exported(box, main)
    finish(box, main)
    before = everything(box)
    take(box, main, first)
    finish(box, main)
    assert everything(box) == before


def forged(opened: Decrypted) -> dict[str, Decrypted]:
    """Return results somebody changed on the way to the server."""
    fragments, signed = opened.fragments, opened.signed
    turned = replace(fragments[0], choice_key="bad")
    if fragments[0].choice_key == "bad":
        turned = replace(turned, choice_key="good")
    half = dict(list(signed.holders.items())[:1])
    fewer = replace(opened.head, fragments=opened.head.fragments - 1)
    return {
        "an answer turned": replace(opened, fragments=(turned, *fragments[1:])),
        "a fragment lost": replace(opened, fragments=fragments[1:]),
        "a fragment twice": replace(opened, fragments=(*fragments, fragments[0])),
        "a comment lost": replace(opened, comments=()),
        "one signature": replace(opened, signed=replace(signed, holders=half)),
        "another head": replace(opened, signed=replace(signed, head=fewer)),
    }


def test_a_result_that_was_changed_is_not_taken(
    box: StandingBox, main: Session
) -> None:
    opened = decrypt_box(exported(box, main), holder_keys())
    for what, changed in forged(opened).items():
        with pytest.raises(ExportRefused):
            take(box, main, changed)
        assert state(box) == CLOSED, what
    take(box, main, opened)
    assert state(box) == COUNTED


def test_the_result_of_another_box_is_not_taken(
    box: StandingBox, main: Session, engine: Engine
) -> None:
    opened = decrypt_box(exported(box, main), holder_keys())

    with pytest.raises(NotFound):
        record_decryption(main, box.ballots, 99, opened, secrets_folder=box.folder)
    foreign = replace(opened.head, survey_id=box.survey_id + 1)
    with pytest.raises(ExportRefused):
        take(box, main, replace(opened, signed=replace(opened.signed, head=foreign)))


def test_half_of_the_keys_changes_nothing(box: StandingBox, main: Session) -> None:
    before = everything(box)
    with pytest.raises(KeyRefused, match="纪检监察机关 is missing"):
        decrypt_compared(box, main, holder_keys()[:1])
    assert everything(box) == before


def test_without_its_secrets_a_box_is_not_exported(
    box: StandingBox, main: Session
) -> None:
    destroy_secrets(box.folder, box.survey_id)

    with pytest.raises(SecretsMissing):
        exported(box, main)


def test_a_void_batch_is_counted_nowhere_and_says_so(
    engine: Engine, ballots: Engine, tmp_path: Path, main: Session
) -> None:
    box = standing_box(secret_county(engine), ballots, tmp_path / "secrets")
    unit = box.county.units[0]
    box.cast_many(unit, "staff", bad=9)
    box.cast_many(unit, "residents", good=9)
    staff = box.batch(unit, "staff").batch_id
    box.close(**{staff: 8})
    decrypt_here(main, ballots, box.survey_id, holder_keys(), secrets_folder=box.folder)

    with Session(engine) as session:
        groups = set(session.scalars(select(ChoiceCount.rater_group)))
        void = session.scalars(select(BallotCount).where(BallotCount.void)).all()
    assert groups == {"residents"}
    assert [(row.batch_id, row.used, row.signed) for row in void] == [(staff, 9, 8)]


def test_a_changed_row_has_no_ballot_opened_in_public(
    engine: Engine, ballots: Engine, main: Session, tmp_path: Path
) -> None:
    box = standing_box(secret_county(engine), ballots, tmp_path / "secrets")
    unit = box.county.units[0]
    box.cast_many(unit, "residents", good=9)
    box.set_aside(box.cast(box.batch(unit, "residents"), "bad"))
    box.close()

    with pytest.raises(ExportRefused):
        exported(box, main)


def test_the_minute_says_for_good_which_tables_were_not_written_anew(
    box: StandingBox, engine: Engine
) -> None:
    never_written_anew(box.ballots)
    with Session(engine) as main:
        decrypt_all(box, main)

    for _again in range(2):
        minute = decryption_minutes(box.ballots, box.survey_id)
        assert minute.not_rewritten == ("ticket", "opened_comment")
        assert minute.secrets_destroyed
        with Session(engine) as main:
            finish(box, main)


def never_written_anew(ballots: Engine) -> None:
    """Let nobody who connects from now on rewrite a table: as who does not own it."""
    role = f"user_{secrets.token_hex(4)}"
    if ballots.dialect.name != "sqlite":
        with ballots.begin() as connection:
            connection.exec_driver_sql(f"CREATE ROLE {role}")
            rights = "SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public"
            connection.exec_driver_sql(f"GRANT {rights} TO {role}")
    ballots.dispose()

    def limit(connection: Any, _record: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            # Its copy would be a second file beside the first one.
            connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        else:
            connection.execute(f"SET ROLE {role}")
            connection.commit()

    event.listen(ballots, "connect", limit)
