"""Comments: released by two readers, and only among enough others."""

from functools import partial

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.analytics.comments import (
    comments_of,
    released_page,
    waiting_page,
)
from survey_app.analytics.paging import ListAsked
from survey_app.domain.ground.refusals import CommentsSealed, ResultsSealed
from survey_app.survey.responses import Comment
from survey_app.survey.review_comment import CommentReview, Verdict, review_comment
from tests.support.comment_desk import Reader, address, write
from tests.support.office import MANAGER, READER, desk
from tests.support.small_county import MAY_1, County, small_county

TEN = tuple(f"<b>text {number}</b>" for number in range(10))


@pytest.fixture
def county(engine: Engine) -> County:
    return small_county(engine)


@pytest.fixture
def first(app: Flask, db: Session, county: County) -> Reader:
    return Reader(desk(app, db, MANAGER, username="first"), county)


@pytest.fixture
def second(app: Flask, db: Session, county: County) -> Reader:
    return Reader(desk(app, db, MANAGER, username="second"), county)


@pytest.fixture(autouse=True)
def noise(db: Session, county: County) -> None:
    """Texts about somebody else and in another survey, which must not be counted."""
    write(db, county.survey_id, county.other_subject_id, *["another"] * 9)
    write(db, county.other_survey_id, county.subject_id, *["elsewhere"] * 9)


@pytest.fixture
def ten(db: Session, county: County) -> None:
    county.count("residents", good=10)
    write(db, county.survey_id, county.subject_id, *TEN)
    county.settle()


@pytest.mark.usefixtures("ten")
def test_what_two_readers_pass_is_shown_to_managers_alone(
    app: Flask, db: Session, county: County, first: Reader, second: Reader
) -> None:
    for reader in (first, second):
        assert reader.passes(db, TEN[3], "<b>text …").status_code == 303

    shown = first.desk.open(address(county)).text
    assert "&lt;b&gt;text …" in shown
    assert "text 3" not in shown
    assert desk(app, db, READER).open(address(county)).status_code == 403


@pytest.mark.usefixtures("ten")
def test_nothing_is_shown_that_only_one_reader_passed(
    db: Session, first: Reader
) -> None:
    first.passes(db, TEN[3])
    first.passes(db, TEN[3])

    assert "text 3" not in first.reads()


@pytest.mark.usefixtures("ten")
def test_the_second_reader_sees_the_edit_and_an_edit_of_it_waits_for_the_first(
    db: Session, first: Reader, second: Reader
) -> None:
    first.passes(db, TEN[3], "text …")
    page = second.desk.see(second.at(db, TEN[3]))
    assert "text 3" in page.text
    assert page.comment.strip() == "text …"

    second.passes(db, TEN[3], "…")
    assert first.desk.see(first.at(db, TEN[3])).comment.strip() == "…"
    assert first.waiting() == len(TEN)

    first.passes(db, TEN[3], "…")
    assert first.waiting() == len(TEN) - 1
    assert "…" in second.reads()


@pytest.mark.usefixtures("ten")
def test_that_two_withheld_some_is_told_but_not_how_many(
    db: Session, first: Reader, second: Reader
) -> None:
    shown = [first.reads()]
    for text in TEN[:2]:
        for reader in (first, second):
            reader.withholds(db, text)
        shown.append(first.reads())

    assert shown[0] != shown[1] == shown[2]
    assert "text 0" not in shown[2]


@pytest.mark.usefixtures("ten")
def test_a_reader_may_change_the_verdict_until_two_agree(
    db: Session, first: Reader, second: Reader
) -> None:
    first.withholds(db, TEN[3])
    first.passes(db, TEN[3])
    second.passes(db, TEN[3])
    assert "text 3" in first.reads()

    assert first.withholds(db, TEN[3]).status_code == 409
    assert "text 3" in first.reads()
    assert db.query(CommentReview).count() == 2


@pytest.mark.usefixtures("ten")
def test_passing_nothing_or_more_than_was_written_is_refused(
    db: Session, county: County, first: Reader
) -> None:
    here = first.at(db, TEN[3])

    empty = first.desk.send(here, text=" \r\n ", passes="1")
    longer = first.desk.send(here, text=TEN[3] + "!", passes="1")

    assert (empty.status_code, longer.status_code) == (422, 422)
    assert db.query(CommentReview).count() == 0


def test_nine_comments_are_read_by_nobody(
    db: Session, county: County, first: Reader
) -> None:
    county.count("residents", good=20)
    write(db, county.survey_id, county.subject_id, *TEN[:9])
    county.settle()

    assert "text 3" not in first.reads()
    assert first.desk.open(f"{address(county)}/review").status_code == 403
    assert first.desk.open(first.at(db, TEN[3])).status_code == 403
    assert first.passes(db, TEN[3]).status_code == 403


def test_ten_comments_among_nine_answers_are_read_by_nobody(
    db: Session, county: County, first: Reader
) -> None:
    county.count("residents", good=9)
    write(db, county.survey_id, county.subject_id, *TEN)
    county.settle()

    assert first.desk.open(f"{address(county)}/review").status_code == 403
    assert first.passes(db, TEN[3]).status_code == 403


@pytest.mark.usefixtures("ten")
def test_comments_are_sealed_while_answers_can_come(
    db: Session, county: County, first: Reader
) -> None:
    county.reopen()

    for path in ("", "/review"):
        response = first.desk.open(address(county) + path)
        assert response.status_code == 403
        assert "text" not in response.text
    assert first.passes(db, TEN[3]).status_code == 403


@pytest.mark.usefixtures("ten")
def test_a_comment_is_read_only_below_its_own_subject(
    db: Session, county: County, first: Reader
) -> None:
    elsewhere = first.at(db, TEN[3]).replace(
        f"/results/{county.subject_id}/", f"/results/{county.other_subject_id}/"
    )

    assert first.desk.open(elsewhere).status_code in (403, 404)
    for odd in ("0/00", "0/zz", "9/" + "00" * 16):
        assert first.desk.open(f"{address(county)}/{odd}").status_code == 404


def test_there_are_no_comments_about_whom_the_survey_did_not_ask(
    county: County, first: Reader
) -> None:
    path = f"/surveys/{county.survey_id}/results/999/comments"

    assert first.desk.open(path).status_code == 404


@pytest.mark.usefixtures("ten")
def test_a_reader_reads_no_raw_text(app: Flask, db: Session, first: Reader) -> None:
    reader = Reader(desk(app, db, READER), first.county)

    assert reader.desk.open(f"{address(first.county)}/review").status_code == 403
    assert reader.desk.open(reader.at(db, TEN[3])).status_code == 403
    assert reader.passes(db, TEN[3]).status_code == 403


def test_the_verb_itself_refuses_where_nobody_reads(
    db: Session, county: County
) -> None:
    write(db, county.survey_id, county.subject_id, *TEN[:9])
    of_ours = select(Comment).filter_by(subject_id=county.subject_id, text=TEN[3])
    comment = db.scalars(of_ours).one()
    reading = partial(
        review_comment,
        db,
        slot=comment.slot,
        comment_id=comment.id,
        account="first",
        verdict=Verdict.PASS,
        text="…",
    )
    db.rollback()

    with pytest.raises(ResultsSealed):
        reading()
    county.settle()
    with pytest.raises(CommentsSealed):
        reading()
    told = comments_of(db, county.survey_id, subject_id=county.subject_id, today=MAY_1)
    for is_mine in (True, False):
        with pytest.raises(CommentsSealed):
            waiting_page(db, told, ListAsked(), reader="first", is_mine=is_mine)
    with pytest.raises(CommentsSealed):
        released_page(db, told, ListAsked())
