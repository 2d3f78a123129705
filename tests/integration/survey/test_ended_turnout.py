"""After its end a survey's turnout gives away no small group."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.counting.tally import Tally
from survey_app.survey.closing import close_survey
from survey_app.survey.counters import ChoiceCount, TurnoutCount
from survey_app.survey.lifecycle import open_survey
from survey_app.survey.tables import Channel
from survey_app.web.office.surveys.turnout import EndedTurnout
from tests.support.answers import let_answers_agree
from tests.support.drafts import SCHEME, ready
from tests.support.office import MANAGER, desk
from tests.support.plans import plan_of


def ended(**counts: tuple[int, int]) -> EndedTurnout:
    """Return the turnout of two subjects, by rater group."""
    tallies: dict[int, Tally] = {
        subject: {
            group: {"overall": {"good": both[subject]}}
            for group, both in counts.items()
        }
        for subject in (0, 1)
    }
    plan = plan_of(SCHEME, tallies)
    return EndedTurnout(plan.head(), plan)


@pytest.mark.parametrize(
    ("staff", "residents", "total"),
    [
        ((20, 30), (40, 0), 90),
        ((20, 30), (40, 7), None),
        ((5, 30), (6, 40), 81),
        ((9, 0), (0, 0), None),
    ],
)
def test_the_total_is_shown_where_no_few_people_are_left_over(
    staff: tuple[int, int], residents: tuple[int, int], total: int | None
) -> None:
    assert ended(staff=staff, residents=residents).total == total


def test_a_rater_group_is_summed_only_where_every_part_is_shown() -> None:
    turnout = ended(staff=(20, 9), residents=(10, 0))

    assert turnout.of_group("staff") is None
    assert turnout.of_group("residents") == 10


def test_the_pages_name_small_counts_only_while_answers_are_taken(
    app: Flask, db: Session
) -> None:
    made = ready(db)
    through = {(c.subject_id, c.rater_group): c.id for c in db.scalars(select(Channel))}
    for place, count in enumerate((7, 1234)):
        about = {"slot": 0, "survey_id": made.survey_id, "count": count}
        about["subject_id"] = subject = made.subject_ids[place]
        db.add(
            TurnoutCount(
                **about,
                channel_id=through[subject, "staff"],
                answered_on=date(2026, 5, 1),
            )
        )
        db.add(
            ChoiceCount(
                **about, rater_group="staff", question_key="overall", choice_key="good"
            )
        )
    db.commit()
    open_survey(db, made.survey_id, today=date(2026, 5, 1))
    office = desk(app, db, MANAGER)
    office.send("/language", language="en", back="")
    pages = [f"/surveys/{made.survey_id}{part}" for part in ("", "/turnout")]

    assert all("1,241" in office.see(page).text for page in pages)

    let_answers_agree(db, made.survey_id)
    close_survey(db, made.survey_id)

    assert not any("1,241" in office.see(page).text for page in pages)
    assert "fewer than 10" in office.see(pages[1]).text
    assert "1,234" in office.see(pages[1]).text
    assert ">7<" not in office.open(pages[0]).get_data(as_text=True)
