"""Lists that grow with years and people: surveys, accounts, comments, choices."""

from itertools import product

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from survey_app.accounts.make_account import make_account
from survey_app.accounts.permissions import Grant
from survey_app.accounts.tables import Account
from survey_app.analytics.comments import (
    comments_of,
    released_page,
    some_waiting,
    some_withheld,
    waiting_page,
)
from survey_app.analytics.listed_channels import ChannelChoice, channels_page
from survey_app.analytics.listed_subjects import offered_page, subjects_page
from survey_app.analytics.paging import ListAsked
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.people import Cadre, Subject
from survey_app.domain.scheme.frozen_scheme import scheme_to_json
from survey_app.survey.parts import add_channel, add_subjects
from survey_app.survey.responses import Comment
from survey_app.survey.review_comment import (
    CommentReview,
    Review,
    Verdict,
    agreed,
    waits_for,
)
from survey_app.survey.tables import Survey
from tests.conftest import ONE_DATABASE
from tests.support.drafts import Draft, draft
from tests.support.office import AUDITOR, KEEPER, MANAGER, READER, Desk, desk
from tests.support.small_county import (
    LAST_DAY,
    MAY_1,
    QUESTIONNAIRE,
    SCHEME,
    County,
    small_county,
)

YEARS, OF_A_YEAR = 21, 5


@pytest.fixture
def wang(app: Flask, db: Session) -> Desk:
    return desk(app, db, MANAGER, username="wang")


def many_years(db: Session) -> None:
    for year in range(YEARS):
        cycle = Cycle(
            name=f"{2000 + year}年考核",
            scheme_key=SCHEME.key,
            scheme=scheme_to_json(SCHEME),
            scheme_fingerprint=SCHEME.fingerprint,
        )
        db.add(cycle)
        db.add_all(
            Survey(
                cycle=cycle,
                component_key="satisfaction",
                title=f"{2000 + year}年第{part}项调查",
                questionnaire=QUESTIONNAIRE.to_json(),
                questionnaire_fingerprint=QUESTIONNAIRE.fingerprint,
                opens_on=MAY_1,
                closes_on=LAST_DAY.replace(year=2999),
            )
            for part in range(OF_A_YEAR)
            if year
        )
        db.flush()
    db.commit()


@ONE_DATABASE
def test_surveys_stand_under_their_cycles_page_by_page(wang: Desk, db: Session) -> None:
    many_years(db)

    pages = [wang.see(f"/surveys?page={number}").text for number in (1, 2, 3)]
    found = wang.see("/surveys?q=2007年").text

    told = "".join(pages)
    for year in range(1, YEARS):
        for part in range(OF_A_YEAR):
            assert told.count(f"{2000 + year}年第{part}项调查") == 1
    assert pages[0].index("2020年考核") < pages[0].index("2011年考核")
    assert "2010年考核" not in pages[0]
    assert "暂无调查" in pages[2]
    assert found.count("2007年第") == OF_A_YEAR
    assert "2008年" not in found


@ONE_DATABASE
def test_a_survey_of_an_old_cycle_is_drafted_from_the_page_that_offers_it(
    wang: Desk, db: Session
) -> None:
    many_years(db)
    oldest = db.query(Cycle).order_by(Cycle.id).first()
    assert oldest is not None
    sent = {
        "title": "补办的调查", "opens_on": "2026-05-01", "closes_on": "2026-05-09",
        "component": f"{oldest.id}:satisfaction", "mode": "open",
    }  # fmt: skip
    db.rollback()

    assert "2000年考核" not in wang.see("/surveys/new").text
    assert "2000年考核" in wang.see("/surveys/new?page=2").text
    assert wang.send("/surveys/new", **sent).status_code == 422
    assert wang.send("/surveys/new?page=2", **sent).status_code in {303, 422}


@ONE_DATABASE
def test_accounts_are_found_by_name(app: Flask, db: Session) -> None:
    wang = desk(app, db, KEEPER, username="wang")
    db.add_all(Account(username=f"reader{n:03}", password_hash="-") for n in range(60))
    db.commit()

    first, last = wang.see("/accounts").text, wang.see("/accounts?page=2").text
    found = wang.see("/accounts?q=042").text

    assert "reader049" in first
    assert "reader050" not in first
    assert "这是唯一管理账号的人员，不能删除" in last
    assert found.count("reader04") >= 1
    assert "reader041" not in found


def test_a_draft_is_searched_by_initials_before_it_opens(db: Session) -> None:
    made: Draft = draft(db)
    survey = db.get_one(Survey, made.survey_id)
    cadre = db.query(Cadre).first()
    assert cadre is not None
    cadre.name = "欧阳娜"
    db.commit()
    subject = db.query(Subject).filter_by(cadre_id=cadre.id).one().id
    asked = ListAsked(search="oyn")

    assert [one.id for one in offered_page(db, survey, asked).rows] == [subject]
    db.rollback()
    add_subjects(db, survey.id, subject_ids=[subject])
    add_channel(
        db, survey.id, rater_group=next(iter(survey.group_labels)),
        place="政务大厅", subject_id=subject, key=b"k" * 32,
    )  # fmt: skip

    assert [one.id for one in subjects_page(db, survey.id, asked).rows] == [subject]
    for typed in ("oyn", "zwdt"):
        choice = ChannelChoice(ListAsked(search=typed))
        assert channels_page(db, survey.id, choice).found == 1
    choice = ChannelChoice(ListAsked(search="zwdx"))
    assert channels_page(db, survey.id, choice).found == 0


SAID = (None, "pass a", "pass b", "withhold ")
"""What a reader says: nothing yet, passes one text or another, withholds."""
READERS = ("li", "wang", "zhao")


def every_set_of_verdicts(
    db: Session,
) -> tuple[County, dict[str, tuple[Review, ...]]]:
    """Write a comment for each; return what was said of every text."""
    county = small_county(db.get_bind().engine)
    county.count("residents", good=80)
    every: dict[str, tuple[Review, ...]] = {}
    for number, said in enumerate(product(SAID, repeat=len(READERS))):
        key = number.to_bytes(16)
        said_of_it = [
            Review(reader, Verdict(one.split(" ")[0]), one.split(" ")[1])
            for reader, one in zip(READERS, said, strict=True)
            if one
        ]
        every[f"text {number}"] = tuple(said_of_it)
        about = {"survey_id": county.survey_id, "subject_id": county.subject_id}
        db.add(Comment(slot=0, id=key, text=f"text {number}", **about))
        db.add_all(
            CommentReview(
                slot=0, comment_id=key, reader=one.reader, verdict=one.verdict.value,
                text=one.text,
            )
            for one in said_of_it
        )  # fmt: skip
    db.commit()
    county.settle()
    return county, every


def test_the_database_agrees_with_the_rule_about_every_set_of_verdicts(
    db: Session,
) -> None:
    county, every = every_set_of_verdicts(db)
    told = comments_of(db, county.survey_id, subject_id=county.subject_id, today=MAY_1)

    def listed(**whose: object) -> set[str]:
        pages = [
            waiting_page(db, told, ListAsked(page=page), **whose).rows  # type: ignore[arg-type]
            for page in (1, 2)
        ]
        return {one.text for page in pages for one in page}

    for reader in (*READERS, "qian"):
        mine = {t for t, reviews in every.items() if waits_for(reader, reviews)}
        open_still = {t for t, reviews in every.items() if not agreed(reviews)}
        assert listed(reader=reader, is_mine=True) == mine
        assert listed(reader=reader, is_mine=False) == open_still - mine
    settled = [one for reviews in every.values() if (one := agreed(reviews))]
    passed = [one.text for one in settled if one.verdict is Verdict.PASS]
    assert sorted(
        one.text for one in released_page(db, told, ListAsked()).rows
    ) == sorted(passed)
    assert some_waiting(db, told)
    assert some_withheld(db, told)


@ONE_DATABASE
def test_accounts_are_found_by_role_name_and_initials(app: Flask, db: Session) -> None:
    wang = desk(app, db, KEEPER, username="wang")
    for name, role, owner in (("zhou", READER, "李芳"), ("sun", AUDITOR, "安宁")):
        make_account(db, name, roles=[Grant(role)], real_name=owner)

    def listed(query: str) -> list[str]:
        rows = [one.find("th[@scope='row']") for one in wang.see(query).all("tr")]
        texts = ["".join(one.itertext()) for one in rows if one is not None]
        return [n for text in texts for n in ("wang", "zhou", "sun") if n in text]

    found = {
        query: listed(f"/accounts?{query}")
        for query in (
            "", "role=reader", "role=nonsense", "role=auditor&q=lf", "q=lf", "q=安宁",
            "q=zhou", "sort=username&down=1", "sort=name", "sort=name&down=1",
        )
    }  # fmt: skip

    assert found == {
        "": ["sun", "wang", "zhou"],
        "role=reader": ["zhou"],
        "role=nonsense": ["sun", "wang", "zhou"],
        "role=auditor&q=lf": [],
        "q=lf": ["zhou"],
        "q=安宁": ["sun"],
        "q=zhou": ["zhou"],
        "sort=username&down=1": ["zhou", "wang", "sun"],
        "sort=name": ["sun", "zhou", "wang"],
        "sort=name&down=1": ["zhou", "sun", "wang"],
    }
