"""Before a survey opens the office hears what kills the score, and of ways out."""

from dataclasses import replace

import pytest

from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.counting.merged_groups import with_merged_groups
from survey_app.domain.counting.subject_plan import SubjectPlan
from survey_app.domain.counting.tally import Tally, merged_tally
from survey_app.domain.disclosure.evaluation import Counted, evaluated
from survey_app.domain.disclosure.foreseen import Foreseen, Supposed, foreseen
from survey_app.domain.disclosure.frozen_plan import Asking, frozen_plan
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.questionnaire.questionnaire import (
    Choice,
    Question,
    Questionnaire,
)
from survey_app.domain.scheme.floors import DisclosureRules, SmallGroups
from survey_app.domain.scheme.scheme import Design, Scheme
from survey_app.domain.scoring.score import shown_sheet
from survey_app.domain.scoring.score_sheet import ScoreSheet
from tests.support.every_kind_scheme import kinds_questionnaire, kinds_scheme
from tests.support.schemes import (
    FOUR_LEVELS,
    answers,
    component,
    group,
    named,
    published,
    scheme,
    survey,
)

CHOICES = (*FOUR_LEVELS, "dont_know")
ASKED = Questionnaire(
    "test",
    1,
    named("q"),
    named("q"),
    named("q"),
    (
        Question(
            "overall",
            named("overall"),
            tuple(Choice(key, Bilingual(key, key)) for key in CHOICES),
        ),
    ),
)
PEOPLE = {"leaders": 3, "staff": 40, "assessors": 5}


def whole(leaders: Design = Design.ROSTER, assessors: Design = Design.ROSTER) -> Scheme:
    """20 / 40 / 40, as a county has it."""
    return scheme(
        component(
            "evaluation",
            survey=survey(
                group("leaders", 20, leaders),
                group("staff", 40, Design.ROSTER),
                group("assessors", 40, assessors),
            ),
        )
    )


TOGETHER = replace(
    whole(), disclosure=DisclosureRules(small_groups=published(SmallGroups.TOGETHER))
)


def forecast(of: Scheme, people: dict[str, int], *, secret: bool = False) -> Foreseen:
    supposed = Supposed("evaluation", secret, people)
    return foreseen(of, ASKED, supposed)


def hidden(found: Foreseen) -> list[str]:
    return [group.label.en for group in found.hidden]


def test_three_leaders_and_five_assessors_are_named_and_so_is_the_lost_score() -> None:
    found = forecast(whole(), PEOPLE)

    assert hidden(found) == ["leaders", "assessors"]
    assert {reason.key for reason in found.blocked} == {"withheld-below-floor"}
    assert (found.floor, found.is_known) == (10, True)


def test_a_ballot_has_the_floors_of_a_ballot() -> None:
    assert hidden(forecast(whole(), PEOPLE, secret=True)) == ["leaders"]


def test_who_said_no_numbers_hears_that_nothing_is_known() -> None:
    found = forecast(whole(), {"staff": 40})

    assert not found.is_known
    assert hidden(found) == []


def test_named_ratings_are_a_way_out() -> None:
    found = forecast(whole(Design.NAMED, Design.NAMED), {"staff": 40})

    assert (found.blocked, found.hidden) == ((), ())
    assert [group.label.en for group in found.groups] == ["staff"]


def test_small_groups_together_are_a_way_out_where_they_reach_the_floor() -> None:
    assert forecast(TOGETHER, PEOPLE, secret=True).blocked != (), "3 alone stay 3"
    two_small = {"leaders": 3, "staff": 40, "assessors": 4}
    assert forecast(TOGETHER, two_small, secret=True).blocked == ()
    assert forecast(TOGETHER, PEOPLE).blocked != (), "8 are fewer than 10"


TALLY: Tally = {
    "leaders": {"overall": answers(1, 2, 0, 1)},
    "staff": {"overall": answers(20, 10, 5, 5)},
    "assessors": {"overall": answers(3, 2, 0, 1)},
}


def shown(tally: Tally) -> tuple[SubjectPlan, ScoreSheet]:
    """The plan and the sheet of an open survey that counts small groups together."""
    asking = Asking(1, "", "evaluation", is_secret=False)
    frozen = frozen_plan(asking, TOGETHER, ASKED, (7,))
    counted = Counted(7, tally, TOGETHER)
    plan = evaluated(frozen, (counted,)).of_subject(7)
    joined = merged_tally(tally, plan.joined)
    rules = with_merged_groups(TOGETHER, "evaluation", plan.counted_in)
    evidence = ScoreInput(tallies={"evaluation": joined})
    return plan, shown_sheet(rules, evidence, {"evaluation": plan})


def test_small_groups_count_with_the_weights_of_all_and_none_is_shown() -> None:
    plan, sheet = shown(TALLY)

    small = (4 * 100 + 4 * 80) * 60
    staff = (20 * 100 + 10 * 80 + 5 * 60) * 40
    assert sheet.overall is not None
    assert sheet.overall * 100 == staff / 40 + small / 10
    assert plan.joined == {"assessors": "leaders"}
    (evaluation,) = sheet.root.parts
    assert [node.key for node in evaluation.parts] == ["leaders", "staff"]


@pytest.mark.parametrize("moved", [0, 1])
def test_nobody_can_tell_which_of_the_small_groups_said_what(moved: int) -> None:
    """The score depends on their sum alone: swapping answers changes nothing."""
    swapped = {
        **TALLY,
        "leaders": {"overall": answers(1 + moved, 2, 0, 1 - moved)},
        "assessors": {"overall": answers(3 - moved, 2, 0, 1 + moved)},
    }

    assert shown(swapped) == shown(TALLY)


def test_small_groups_too_few_even_together_stay_what_they_are() -> None:
    plan, sheet = shown({**TALLY, "assessors": {"overall": answers(2, 2, 0, 1)}})

    assert plan.joined == {}
    assert sheet.root.parts, "each group still has a place of its own"


def test_questions_of_every_kind_are_supposed_to_be_answered() -> None:
    supposed = Supposed(
        "satisfaction", is_secret=False, people={"staff": 12, "residents": 40}
    )

    found = foreseen(kinds_scheme(), kinds_questionnaire(), supposed)

    assert found.hidden == ()
    assert found.blocked == ()
