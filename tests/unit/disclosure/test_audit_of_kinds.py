"""The audit finds a leak in a question of every kind, and none where none is."""

from dataclasses import replace

import pytest

from survey_app.analytics.tally_results import TallyResults
from survey_app.audit.derivable import derivable
from survey_app.audit.one_person import AskedOf, one_of, with_one, without_one
from survey_app.audit.printed_numbers import Counts, printed_numbers
from survey_app.audit.small_groups import person_by_person
from survey_app.domain.counting.subject_plan import Place, SubjectPlan
from survey_app.domain.counting.tally import Tally, added, people
from survey_app.domain.scheme.scheme import Post
from tests.support.every_kind_scheme import kinds_questionnaire, kinds_scheme
from tests.support.kinds_county import EVERYBODY
from tests.support.kinds_reader import told_of

ASKED, SCHEME = kinds_questionnaire(), kinds_scheme()
WITHHELD: tuple[Place, ...] = (
    ("staff", "window"),
    ("pooled", "window"),
    ("staff", "ways.phone"),
    ("staff", "ways.post"),
    ("pooled", "ways.post"),
    ("staff", "points"),
    ("staff", "waited"),
    ("pooled", "waited"),
    ("staff", "again"),
    ("staff", "why"),
)


def of(tally: Tally) -> tuple[TallyResults, list[str]]:
    """Return what is told, and what the audit can work out from it."""
    results, _ = told_of(SCHEME, ASKED, tally)
    return results, found(results)


def found(results: TallyResults) -> list[str]:
    _, frozen = told_of(SCHEME, ASKED, results.tally)
    about = Counts(1, results, (Post.PRINCIPAL,))
    numbers = printed_numbers(about, frozen)
    return [what for _, what in derivable(about, frozen, numbers)]


def open_at(plan: SubjectPlan, place: Place) -> SubjectPlan:
    """Return the plan with the fault planted: something is told all the same."""
    return replace(
        plan, banded=plan.banded - {place}, concealed=plan.concealed - {place}
    )


def test_of_every_kind_something_gives_way_and_the_audit_finds_nothing() -> None:
    results, leaks = of(EVERYBODY)

    assert [p for p in WITHHELD if results.plan.tells(*p)] == []
    assert leaks == []


@pytest.mark.parametrize("place", WITHHELD)
def test_whatever_is_told_all_the_same_is_found(place: Place) -> None:
    results, _ = of(EVERYBODY)

    assert found(replace(results, plan=open_at(results.plan, place)))


def test_how_many_were_asked_is_found_where_the_condition_is_not_told() -> None:
    agreed = {**EVERYBODY["staff"], "handled": {"undone": 12}}
    agreed |= {"again": {"good": 6, "bad": 6}}
    results, leaks = of({**EVERYBODY, "staff": agreed})

    assert not results.plan.tells("staff", "handled")
    assert not results.plan.tells("staff", "again")
    assert leaks == []
    assert found(replace(results, plan=open_at(results.plan, ("staff", "again"))))


def test_people_who_swap_or_come_leave_counts_that_people_can_make() -> None:
    counts = EVERYBODY["staff"]["ways"]

    everybody = person_by_person(counts)
    more = with_one(counts, one_of(counts))

    assert added({pick: 1} for picks in everybody for pick in picks) == counts
    assert people(without_one(counts)) == people(counts) - 1
    assert people(more) == people(counts) + 1
    assert max(more.values()) <= people(more)


def test_all_of_one_mind_tick_the_same_and_as_many_stay_silent() -> None:
    ways, counts = ASKED.question("ways"), EVERYBODY["residents"]["ways"]
    assert ways is not None

    said = AskedOf.of(ways, {}).all_say("post", counts)

    assert said == {"post": 30, "answered": 30, "blank": 1}
