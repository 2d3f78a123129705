"""From an empty office to a survey that can open, all by hand and in the browser."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.analytics.turnouts import (
    answers_of,
    turnout_by_group,
    turnout_of_channels,
    turnout_of_subjects,
)
from survey_app.appraisal.make_cycle import make_cycle
from survey_app.domain.ground.printed_code import is_channel_code
from survey_app.domain.ground.refusals import NameTaken, NotFound
from survey_app.domain.scheme.frozen_scheme import scheme_from_json
from survey_app.shipped_files import (
    shipped_questionnaire,
    shipped_scheme,
)
from survey_app.survey.counters import TurnoutCount
from survey_app.survey.draft import make_survey
from survey_app.survey.parts import (
    add_channel,
    add_channels,
    add_subjects,
    remove_channel,
    remove_subject,
)
from survey_app.survey.tables import Channel, Survey
from tests.conftest import rows_in
from tests.support.drafts import KEY, PLAN, QUESTIONNAIRE, SCHEME, cadre, draft, ready
from tests.support.office import MANAGER, ORGANIZER, READER, desk

DAYS = {"opens_on": "2026-05-01", "closes_on": "2026-05-15"}


def test_a_survey_is_made_by_hand_from_cycle_to_channels(
    app: Flask, db: Session
) -> None:
    cadre(db, "清河镇", "王建国")
    db.commit()
    wang = desk(app, db, MANAGER)

    wang.send("/cycles/new", name="2026年度考核", scheme="yijun-2017")
    (offered,) = wang.see("/surveys/new").named("component")
    component = offered.get("value")
    made = wang.send("/surveys/new", title="群众满意度", component=component, **DAYS)
    path = made.location.removeprefix("/office")
    (body,) = wang.see(f"{path}/subjects").named("subjects")
    wang.send(f"{path}/subjects", subjects=body.get("value"))
    wang.send(f"{path}/channels/all")
    wang.send(f"{path}/open")

    survey = db.scalars(select(Survey)).one()
    scheme = scheme_from_json(survey.cycle.scheme)
    rules = scheme.component(survey.component_key).survey
    assert rules
    assert survey.takes_answers(date(2026, 5, 1))
    assert survey.title == "群众满意度"
    assert [s.name for s in survey.subjects] == ["清河镇"]
    assert {c.rater_group for c in survey.channels} == {
        group.key for group in rules.rater_groups
    }
    assert "群众满意度" in wang.see("/surveys").text


def test_a_cycle_keeps_its_own_copy_of_the_scheme(db: Session) -> None:
    cycle = make_cycle(db, "2026", scheme=SCHEME)

    assert scheme_from_json(cycle.scheme) == SCHEME
    assert cycle.scheme_fingerprint == SCHEME.fingerprint
    assert not cycle.frozen


def test_two_cycles_do_not_share_a_name(db: Session) -> None:
    make_cycle(db, "2026", scheme=SCHEME)

    with pytest.raises(NameTaken):
        make_cycle(db, "2026", scheme=SCHEME)


def test_a_survey_needs_a_cycle(db: Session) -> None:
    with pytest.raises(NotFound):
        make_survey(db, 999, questionnaire=QUESTIONNAIRE, plan=PLAN)


def test_a_subject_is_added_once(db: Session) -> None:
    made = draft(db)
    first, second = made.subject_ids
    add_subjects(db, made.survey_id, subject_ids=[first])

    assert add_subjects(db, made.survey_id, subject_ids=[first, second]) == 1
    assert rows_in(db, "survey_subject") == 2


def test_an_unknown_subject_adds_nobody(db: Session) -> None:
    made = draft(db)

    with pytest.raises(NotFound):
        add_subjects(db, made.survey_id, subject_ids=[made.subject_ids[0], 999])

    assert rows_in(db, "survey_subject") == 0


def test_one_click_gives_every_subject_a_channel_for_every_group(db: Session) -> None:
    made = draft(db)
    first, second = made.subject_ids
    add_subjects(db, made.survey_id, subject_ids=made.subject_ids)
    add_channel(db, made.survey_id, rater_group="staff", subject_id=first, key=KEY)

    assert add_channels(db, made.survey_id, key=KEY) == 3
    assert add_channels(db, made.survey_id, key=KEY) == 0

    channels = db.scalars(select(Channel)).all()
    assert {(c.subject_id, c.rater_group) for c in channels} == {
        (first, "staff"), (first, "residents"),
        (second, "staff"), (second, "residents"),
    }  # fmt: skip
    assert len({c.code for c in channels}) == 4
    assert all(is_channel_code(c.code, KEY) for c in channels)


def test_a_channel_names_a_subject_of_its_survey_or_none(db: Session) -> None:
    made = draft(db)
    add_subjects(db, made.survey_id, subject_ids=made.subject_ids[:1])

    free = add_channel(db, made.survey_id, rater_group="staff", key=KEY)
    with pytest.raises(NotFound):
        add_channel(
            db, made.survey_id, rater_group="staff",
            subject_id=made.subject_ids[1], key=KEY,
        )  # fmt: skip

    assert free.subject_id is None
    assert rows_in(db, "channel") == 1


def test_a_subject_that_leaves_takes_its_channels_along(db: Session) -> None:
    made = ready(db)
    add_channel(db, made.survey_id, rater_group="staff", key=KEY)

    remove_subject(db, made.survey_id, subject_id=made.subject_ids[0])

    left = db.scalars(select(Channel.subject_id)).all()
    assert sorted(left, key=str) == [made.subject_ids[1]] * 2 + [None]
    assert rows_in(db, "survey_subject") == 1


def test_a_channel_of_another_survey_is_not_removed(db: Session) -> None:
    made = ready(db)
    plan = replace(PLAN, title="另一项")
    other = make_survey(db, made.cycle_id, questionnaire=QUESTIONNAIRE, plan=plan)
    channel_id = db.scalars(select(Channel.id)).first() or 0

    remove_channel(db, other.id, channel_id=channel_id)

    assert rows_in(db, "channel") == 4


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " "},
        {"title": "长" * 51},
        {"component": "999:satisfaction"},
        {"opens_on": ""},
        {"closes_on": "tomorrow"},
        {"closes_on": "2026-04-30"},
    ],
)
def test_a_wrong_survey_comes_back_with_the_field_named(
    app: Flask, db: Session, wrong: dict[str, str]
) -> None:
    wang = desk(app, db, MANAGER)
    wang.send("/cycles/new", name="2026", scheme="yijun-2017")
    (offered,) = wang.see("/surveys/new").named("component")
    right = {"title": "标题", "component": offered.get("value"), **DAYS}

    response = wang.send("/surveys/new", **(right | wrong))

    assert response.status_code == 422
    assert response.get_data(as_text=True).count('class="error"') == 1
    assert rows_in(db, "survey") == 0


def test_a_second_cycle_of_the_same_name_is_refused_in_the_page(
    app: Flask, db: Session
) -> None:
    wang = desk(app, db, MANAGER)
    wang.send("/cycles/new", name="2026", scheme="yijun-2017")

    response = wang.send("/cycles/new", name="2026", scheme="one-third")

    assert response.status_code == 422
    assert rows_in(db, "cycle") == 1


@pytest.mark.parametrize("key", ["../schemes/yijun-2017", "nothing", "", "*"])
def test_no_key_leads_out_of_the_folder(key: str) -> None:
    with pytest.raises(NotFound):
        shipped_questionnaire(key)


def test_shipped_files_are_found_by_their_key() -> None:
    assert shipped_questionnaire("masses-satisfaction").key == "masses-satisfaction"
    assert shipped_scheme("yijun-2017").key == "yijun-2017"


def test_turnout_is_summed_over_slots_and_days_and_one_survey(db: Session) -> None:
    made = ready(db)
    first, second = made.subject_ids
    through = {(c.subject_id, c.rater_group): c.id for c in db.scalars(select(Channel))}
    counted = [
        (0, made.survey_id, (first, "staff"), 1, 3),
        (1, made.survey_id, (first, "staff"), 1, 4),
        (0, made.survey_id, (first, "staff"), 2, 5),
        (0, made.survey_id, (second, "residents"), 1, 6),
        (0, made.survey_id + 1, (first, "staff"), 1, 100),
    ]
    for slot, survey_id, whose, day, count in counted:
        db.add(
            TurnoutCount(
                slot=slot, survey_id=survey_id, channel_id=through[whose],
                subject_id=whose[0], answered_on=date(2026, 5, day), count=count,
            )
        )  # fmt: skip
    db.commit()

    survey = db.get_one(Survey, made.survey_id)
    survey.slots = "0,1"
    some = turnout_of_subjects(db, survey, [first, second])

    assert turnout_by_group(db, survey) == {"staff": 12, "residents": 6}
    assert answers_of(db, [survey]) == {survey.id: 18}
    assert answers_of(db, []) == {}
    here = [through[first, "staff"], through[second, "staff"]]
    assert turnout_of_channels(db, survey, here) == {here[0]: 12}
    assert some[second, "residents"] == 6
    assert some[second, "staff"] == 0
    assert turnout_of_subjects(db, survey, [second]) == {(second, "residents"): 6}


@pytest.mark.parametrize("role", [ORGANIZER, READER])
def test_turnout_is_shown_to_all_and_holds_no_answer(
    app: Flask, db: Session, role: str
) -> None:
    made = ready(db)
    page = desk(app, db, role).see(f"/surveys/{made.survey_id}/turnout")

    assert "王建国" in page.text
    assert not any(c.label.zh in page.text for c in QUESTIONNAIRE.questions[0].choices)


def test_nobody_reads_a_name_of_the_organizers_pages_as_a_reader(
    app: Flask, db: Session
) -> None:
    ready(db)
    page = desk(app, db, READER).see("/surveys")

    links = [a.get("href", "") for a in page.all("a")]
    assert not any("new" in link or "accounts" in link for link in links)
