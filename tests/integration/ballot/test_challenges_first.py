"""Challenge ballots are opened alone and compared; a difference voids the survey."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.ballot.decryption_minutes import decryption_minutes
from survey_app.ballot.decryption_verbs import (
    ShownChallenges,
    challenges_here,
    decrypt_here,
    take_decrypted,
)
from survey_app.ballot.finish_decryption import (
    finish_decryption,
    finish_void,
    void_survey,
)
from survey_app.ballot.main_tables import BallotCount
from survey_app.ballot.paper.challenge import mark_of
from survey_app.ballot.paper.closing import SignedClosing
from survey_app.ballot.sealing.decrypting import decrypt_box, decrypt_challenges
from survey_app.ballot.tables import CLOSED, DONE, VOID
from survey_app.domain.ground.refusals import (
    AnotherPersonNeeded,
    BoxNotReady,
    ChallengeNotDecrypted,
    ChallengesNotCompared,
)
from tests.support.ballot_box import StandingBox, standing_box
from tests.support.closed_box import box_with_broken_challenge, closed_box, exported
from tests.support.decrypted_box import everything
from tests.support.holder_keys import holder_keys
from tests.support.power_cut import power_cut
from tests.support.secret_ballots import FIRST, SECOND, confirmed
from tests.support.secret_county import secret_county


@pytest.fixture
def box(engine: Engine, ballots: Engine, tmp_path: Path, db: Session) -> StandingBox:
    confirmed(db, FIRST, SECOND)
    return closed_box(engine, ballots, tmp_path / "secrets")


def seen(box: StandingBox, main: Session) -> ShownChallenges:
    """Show the auditors their challenge ballots."""
    place = {"secrets_folder": box.folder}
    return challenges_here(main, box.ballots, box.survey_id, holder_keys(), **place)


def opened(box: StandingBox, main: Session, mark: str) -> None:
    decrypt_here(
        main, box.ballots, box.survey_id, holder_keys(),
        secrets_folder=box.folder, compared=mark,
    )  # fmt: skip


def void(box: StandingBox, main: Session) -> None:
    void_survey(main, box.ballots, box.survey_id, account=FIRST)


def destroy(box: StandingBox, main: Session) -> None:
    finish_void(
        main, box.ballots, box.survey_id, account=SECOND, secrets_folder=box.folder
    )


def test_they_are_opened_alone_in_words_and_nothing_is_stored(
    box: StandingBox, main: Session
) -> None:
    before = everything(box)

    (shown,) = seen(box, main).ballots

    assert shown.opens
    assert {name for name, _ in shown.about} == {"U1某 镇长", "U1镇 领导班子"}
    said = {
        (question.zh, choice.zh)
        for _, answers in shown.about
        for question, choice in answers
    }
    wanted = box.questionnaire.questions
    assert said == {
        (question.text.zh, choice.label.zh)
        for question in wanted
        for choice in question.choices
        if choice.key == "bad"
    }
    assert everything(box) == before


def test_nothing_else_is_opened_or_taken_before_the_auditors_agree(
    box: StandingBox, main: Session
) -> None:
    before = everything(box)
    place = {"secrets_folder": box.folder}
    result = decrypt_box(exported(box, main), holder_keys())

    with pytest.raises(ChallengesNotCompared):
        take_decrypted(main, box.ballots, box.survey_id, result, **place)  # type: ignore[arg-type]  # nobody agreed
    assert everything(box) == before

    take_decrypted(
        main, box.ballots, box.survey_id, result,
        secrets_folder=box.folder, auditors_agree=True,
    )  # fmt: skip
    assert everything(box)["state"] == DONE


def test_only_who_was_shown_the_challenges_opens_the_rest(
    box: StandingBox, main: Session
) -> None:
    mark = seen(box, main).mark
    before = everything(box)

    for other in ("", "y", mark.upper(), mark[:-1], mark_of("", []), "不"):
        with pytest.raises(ChallengesNotCompared):
            opened(box, main, other)
    assert everything(box) == before

    opened(box, main, mark)
    assert everything(box)["state"] == DONE


def test_the_mark_is_of_this_closing_and_of_every_pick(
    box: StandingBox, main: Session
) -> None:
    first, again = seen(box, main).mark, seen(box, main).mark
    (one,) = decrypt_challenges(exported(box, main), holder_keys())
    closing = box.row().closing
    other = {key: dict(said) for key, said in (one.picks or {}).items()}
    next(iter(other.values()))["overall"] = "good"
    print_ = SignedClosing.from_json(closing).closing.fingerprint

    assert first == again == mark_of(print_, [one])
    others = {
        mark_of("0" * 64, [one]),
        mark_of(print_, [replace(one, tracker="0" * 64)]),
        mark_of(print_, [replace(one, picks=other)]),
        mark_of(print_, [one, one]),
    }
    assert len(others) == 4
    assert first not in others


@pytest.mark.parametrize("cast", ["no envelope", "no ballot"])
def test_a_challenge_that_does_not_open_keeps_all_else_shut(
    engine: Engine, ballots: Engine, tmp_path: Path, main: Session, cast: str
) -> None:
    box = box_with_broken_challenge(engine, ballots, tmp_path / "secrets", cast)
    before = everything(box)
    found = seen(box, main)

    assert [one.opens for one in found.ballots] == [False]
    with pytest.raises(ChallengeNotDecrypted):
        decrypt_box(exported(box, main), holder_keys())
    for mark in ("", found.mark):
        with pytest.raises(ChallengeNotDecrypted):
            opened(box, main, mark)
    assert everything(box) == before


def test_without_challenges_nobody_has_to_agree(
    engine: Engine, ballots: Engine, tmp_path: Path, main: Session
) -> None:
    box = standing_box(secret_county(engine), ballots, tmp_path / "secrets")
    box.close()

    decrypt_here(
        main, box.ballots, box.survey_id, holder_keys(), secrets_folder=box.folder
    )
    assert box.row().state == DONE


def test_a_void_survey_is_void_in_every_count_and_stays_sealed(
    box: StandingBox, main: Session
) -> None:
    tickets = everything(box)["tickets"]
    void(box, main)
    void(box, main)

    found = everything(box)
    assert (found["state"], found["survey"]) == (VOID, "closed")
    assert found["counts"] == found["comments"] == found["fragments"] == []
    assert found["evaluated"] is not None
    assert (found["head"], found["tickets"]) == ("", tickets)
    assert found["secrets"]
    with Session(box.county.engine) as session:
        rows = session.scalars(select(BallotCount)).all()
    assert len(rows) == len(box.manifest.batches)
    assert {(row.void, row.spoiled) for row in rows} == {(True, 0)}


def test_nothing_opens_a_void_box(box: StandingBox, main: Session) -> None:
    result = decrypt_box(exported(box, main), holder_keys())
    void(box, main)

    with pytest.raises(BoxNotReady):
        exported(box, main)
    with pytest.raises(BoxNotReady):
        take_decrypted(
            main, box.ballots, box.survey_id, result,
            secrets_folder=box.folder, auditors_agree=True,
        )  # fmt: skip
    with pytest.raises(BoxNotReady):
        finish_decryption(main, box.ballots, box.survey_id, secrets_folder=box.folder)
    assert everything(box)["state"] == VOID


def test_the_last_step_destroys_and_the_box_stays_void(
    box: StandingBox, main: Session
) -> None:
    with pytest.raises(BoxNotReady):
        destroy(box, main)
    void(box, main)
    before = decryption_minutes(box.ballots, box.survey_id)
    destroy(box, main)
    destroy(box, main)
    after = decryption_minutes(box.ballots, box.survey_id)

    found = everything(box)
    assert (found["state"], box.row().is_void) == (DONE, True)
    assert found["tickets"] == found["secrets"] == found["fragments"] == []
    assert len(found["spent"]) == sum(b.issued for b in box.manifest.batches)  # type: ignore[arg-type]  # a list
    assert (before.is_void, before.envelopes_deleted) == (True, False)
    assert (after.is_void, after.envelopes_deleted) == (True, True)
    assert after.secrets_destroyed
    assert {batch.void for batch, _groups in after.batches} == {True}


def test_whoever_voided_it_does_not_destroy_it_too(
    box: StandingBox, main: Session
) -> None:
    void(box, main)
    before = everything(box)
    place = {"secrets_folder": box.folder}
    with pytest.raises(AnotherPersonNeeded):
        finish_void(main, box.ballots, box.survey_id, account=FIRST, **place)
    assert everything(box) == before

    void_survey(main, box.ballots, box.survey_id, account=SECOND)
    with pytest.raises(AnotherPersonNeeded):
        finish_void(main, box.ballots, box.survey_id, account=FIRST, **place)
    destroy(box, main)
    assert everything(box)["state"] == DONE


def test_voiding_cut_off_between_both_databases_goes_on(
    box: StandingBox, main: Session
) -> None:
    with power_cut(main.get_bind(), "ballot_count"):
        void(box, main)
    main.rollback()
    assert everything(box)["state"] == VOID

    void(box, main)

    assert everything(box)["evaluated"] is not None


def test_a_box_without_challenges_or_still_open_is_not_voided(
    engine: Engine, ballots: Engine, tmp_path: Path, main: Session
) -> None:
    box = standing_box(secret_county(engine), ballots, tmp_path / "secrets")
    with pytest.raises(BoxNotReady):
        void(box, main)
    box.close()
    with pytest.raises(BoxNotReady):
        void(box, main)
    assert box.row().state == CLOSED
