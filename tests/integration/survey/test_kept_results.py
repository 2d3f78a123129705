"""The list of results reads what was kept, believes none of it, and orders by it."""

from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import Engine, insert, text
from sqlalchemy.orm import Session

from survey_app.analytics.kept.closing import unkept
from survey_app.analytics.kept.results import (
    KeptResult,
    ResultsList,
    keep_again,
    keep_results,
    results_page,
)
from survey_app.analytics.paging import ListAsked
from survey_app.analytics.results import results_of
from survey_app.analytics.survey_results import ResultNumbers, SubjectResults
from survey_app.appraisal.people import Cadre, Subject, Unit
from survey_app.database import writing
from survey_app.domain.ground.refusals import CountersDiffer, ResultsSealed
from survey_app.domain.scheme.scheme import POOLED
from survey_app.survey.tables import Survey, SurveySubject
from tests.support.small_county import (
    MAY_1,
    SCHEME,
    County,
    add_counts,
    small_county,
)

COUNTS: dict[str, dict[str, dict[str, int]]] = {
    "told": {"staff": {"good": 30, "bad": 10}, "residents": {"good": 20, "bad": 20}},
    "hidden": {"staff": {"good": 9}, "residents": {"good": 40}},
    "banded": {"staff": {"good": 40, "bad": 8}, "residents": {"good": 1, "bad": 36}},
    "nobody": {},
    "best": {"staff": {"good": 30}, "residents": {"good": 30}},
}


@pytest.fixture
def county(engine: Engine) -> County:
    return small_county(engine)


def peopled(county: County, counts: Any = COUNTS) -> dict[str, int]:
    """Add a subject for each of these counts, one unit each; return their numbers."""
    found = {}
    with Session(writing(county.engine)) as session:
        for number, (name, groups) in enumerate(counts.items()):
            unit = Unit(code=f"V{number}", name=f"{name} town")
            session.add(unit)
            session.flush()
            cadre = Cadre(
                code=f"V{number}", name=name, unit_id=unit.id,
                post="deputy", title="x",
            )  # fmt: skip
            session.add(cadre)
            session.flush()
            subject = Subject(kind="cadre", unit_id=unit.id, cadre_id=cadre.id)
            session.add(subject)
            session.flush()
            session.execute(
                insert(SurveySubject).values(
                    survey_id=county.survey_id, subject_id=subject.id
                )
            )
            for group, choices in groups.items():
                add_counts(session, county.survey_id, subject.id, group, choices)
            found[name] = subject.id
        session.commit()
    county.settle()
    return found


def kept(county: County) -> list[tuple[int, int]]:
    told: list[tuple[int, int]] = []
    with Session(writing(county.engine)) as session:
        keep_results(session, county.survey_id, lambda *done: told.append(done))
    return told


def listed(county: County, scheme: Any = SCHEME, **asked: Any) -> ResultsList:
    with Session(county.engine) as session:
        survey = session.get_one(Survey, county.survey_id)
        asks = ListAsked(**asked)
        return results_page(session, survey, asks, scheme=scheme, today=MAY_1)


def numbers(county: County, **asked: Any) -> dict[str, ResultNumbers]:
    return {one.name: one.numbers for one in listed(county, **asked).page.rows}


def names(county: County, **asked: Any) -> list[str]:
    return [one.name for one in listed(county, **asked).page.rows]


def subject_pages(county: County) -> dict[str, SubjectResults]:
    with Session(county.engine) as session:
        survey = session.get_one(Survey, county.survey_id)
        told = results_of(session, survey, scheme=SCHEME, today=MAY_1)
        return {one.name: one for one in told.subjects}


def run(county: County, statement: str, **values: int) -> None:
    with writing(county.engine).begin() as connection:
        connection.execute(text(statement), values)


def test_the_list_says_what_the_pages_of_the_subjects_say(county: County) -> None:
    peopled(county)
    before = numbers(county)
    assert kept(county)[-1] == (7, 7)

    found = numbers(county)

    assert found == before
    assert listed(county).worked_out == 0
    for name, page in subject_pages(county).items():
        one = found[name]
        assert (one.groups, one.together, one.score, one.assumed) == (
            page.groups,
            page.together,
            page.score,
            page.assumed,
        )


def test_the_part_that_objects_is_made_of_shown_counts_alone(county: County) -> None:
    peopled(county)
    kept(county)

    found = {name: one.dissatisfied for name, one in numbers(county).items()}

    for name, page in subject_pages(county).items():
        told = [g for g in page.questions[0].groups if g.key == POOLED]
        if not told or not told[0].is_told:
            assert found[name] is None, name
            continue
        counts = {choice.key: choice.count for choice in told[0].choices}
        bad = counts["bad"]
        assert found[name] == Fraction(bad, bad + counts["good"]), name
    assert found["told"] == Fraction(30, 80)
    assert found["hidden"] is None


def test_a_question_tells_what_its_page_tells_and_else_its_band(county: County) -> None:
    peopled(county)
    found = numbers(county)

    for name, page in subject_pages(county).items():
        told = next((g for g in page.questions[0].groups if g.key == POOLED), None)
        counts = {one.key: one.count for one in told.choices} if told else {}
        nothing = None if told or page.withheld else 0
        rated = counts["good"] + counts["bad"] if counts else nothing
        (share,) = found[name].questions
        assert (share.rated, share.band) == (rated, told and told.band), name
        hides = bool(page.withheld or page.untold)
        assert not (hides and found[name].variance), "no spread of what is hidden"
    assert found["told"].variance


@pytest.mark.parametrize("order", ["score", "dissatisfied", "answers"])
def test_what_is_hidden_comes_last_whichever_way_it_is_turned(
    county: County, order: str
) -> None:
    peopled(county)
    kept(county)

    own = names(county)
    shown = {
        name: one.together if order == "answers" else getattr(one, order)
        for name, one in numbers(county).items()
    }
    hidden = [name for name in own if shown[name] is None]
    told = [name for name in own if shown[name] is not None]

    assert {"hidden", "nobody"} <= set(hidden)
    up = sorted(told, key=lambda name: shown[name] or 0)
    down = sorted(told, key=lambda name: shown[name] or 0, reverse=True)
    assert names(county, sort=order) == [*up, *hidden]
    assert names(county, sort=order, down=True) == [*down, *hidden]


def test_no_order_tells_what_a_small_group_said(county: County) -> None:
    people = peopled(county)
    ways = [(o, d) for o in ("score", "dissatisfied", "answers") for d in (False, True)]
    kept(county)
    content = [names(county, sort=order, down=down) for order, down in ways]

    run(
        county,
        "UPDATE choice_count SET choice_key = 'bad' WHERE rater_group = 'staff'"
        " AND subject_id = :subject",
        subject=people["hidden"],
    )
    county.settle()
    kept(county)

    assert [names(county, sort=order, down=down) for order, down in ways] == content


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE kept_result SET numbers = replace(numbers, '80', '81')",
        "UPDATE kept_result SET seal = NULL",
        "UPDATE kept_result SET numbers = '{}'",
        "UPDATE kept_result SET rests_on = 'x'",
        "DELETE FROM kept_result",
    ],
)
def test_a_row_that_is_not_as_it_was_kept_is_not_believed(
    county: County, change: str
) -> None:
    peopled(county)
    kept(county)
    before = numbers(county)

    run(county, change)

    assert numbers(county) == before
    assert listed(county).worked_out > 0


def test_counts_that_changed_are_shown_nowhere(county: County) -> None:
    peopled(county)
    kept(county)

    run(county, "UPDATE choice_count SET count = count + 1 WHERE choice_key = 'bad'")

    with pytest.raises(CountersDiffer):
        listed(county)


def test_another_post_is_known_before_it_is_kept(county: County) -> None:
    """Its weights may change the score; the row was made for the post of before."""
    peopled(county)
    kept(county)

    run(county, "UPDATE cadre SET post = 'principal' WHERE name = 'told'")

    assert listed(county).worked_out == 1


def test_whatever_changed_a_score_keeps_it_anew(county: County) -> None:
    people = peopled(county)
    kept(county)
    run(county, "UPDATE cadre SET post = 'principal' WHERE name = 'told'")

    with Session(writing(county.engine)) as session:
        keep_again(session, county.cycle_id, people["told"])

    assert listed(county).worked_out == 0


def test_names_are_those_of_now_and_numbers_stay(county: County) -> None:
    peopled(county)
    kept(county)

    run(county, "UPDATE cadre SET name = 'renamed' WHERE name = 'told'")

    assert "renamed" in names(county)
    assert listed(county).worked_out == 0


def test_what_is_settled_and_not_kept_is_known(county: County) -> None:
    peopled(county)
    run(county, "DELETE FROM kept_result")
    with Session(county.engine) as session:
        assert county.survey_id in unkept(session, KeptResult)
    kept(county)

    with Session(county.engine) as session:
        assert county.survey_id not in unkept(session, KeptResult)


def test_nothing_is_kept_or_listed_while_answers_come(county: County) -> None:
    county.reopen()

    with pytest.raises(ResultsSealed):
        listed(county)


def test_only_some_are_kept_again(county: County) -> None:
    people = peopled(county)
    kept(county)
    run(county, "UPDATE kept_result SET numbers = 'x'")

    with Session(writing(county.engine)) as session:
        keep_results(session, county.survey_id, subject_ids=[people["told"]])

    assert listed(county).worked_out == 6
