"""Whatever is marked: a ballot obeys its rules or it does not, and everybody agrees."""

from fractions import Fraction
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.ground.stated import assumed
from survey_app.domain.questionnaire.ballot_rules import (
    BallotRule,
    BallotRuleKind,
    Mark,
    Over,
    broken_rules,
    sheet_rules,
)
from survey_app.domain.questionnaire.questionnaire import WITHOUT_POINTS

RATINGS = ("excellent", "good", "poor")
CHOICES = (*RATINGS, *WITHOUT_POINTS)
QUESTIONS = ("virtue", "ability", "overall")
SUBJECTS = st.lists(st.integers(1, 9), min_size=1, max_size=7, unique=True)
SOME = st.sets(st.sampled_from(RATINGS), min_size=1).map(sorted).map(tuple)
ASKED = st.sets(st.sampled_from(QUESTIONS)).map(sorted).map(tuple)
OVER = st.sampled_from(Over)
COUNT = st.integers(1, 12).map(assumed)
SHARE = st.fractions(Fraction(1, 20), Fraction(19, 20)).map(assumed)
RULES = st.lists(
    st.one_of(
        *(
            st.builds(BallotRule, st.just(kind), SOME, *number, ASKED, OVER)
            for kind in (BallotRuleKind.AT_MOST, BallotRuleKind.AT_LEAST)
            for number in ((COUNT, st.none()), (st.none(), SHARE))
        ),
        st.builds(
            BallotRule,
            st.just(BallotRuleKind.NOT_ALL_EQUAL),
            questions=ASKED,
            over=OVER,
        ),
    ),
    min_size=1,
    max_size=4,
)


@st.composite
def sheets(draw: st.DrawFn) -> tuple[list[BallotRule], list[int], dict[Mark, str]]:
    """Return rules, subjects, and a sheet on which every mark is made."""
    rules, subjects = draw(RULES), draw(SUBJECTS)
    marks = [(subject, key) for subject in subjects for key in QUESTIONS]
    return rules, subjects, {mark: draw(st.sampled_from(CHOICES)) for mark in marks}


SHEETS = sheets()
Sheet = tuple[list[BallotRule], list[int], dict[Mark, str]]


def broken(sheet: Sheet, kind: str = "") -> set[tuple[int, int | None]]:
    """Return (rule, subject) of every rule that the sheet breaks."""
    rules, subjects, picks = sheet
    found = broken_rules(sheet_rules(rules, subjects, QUESTIONS), picks)
    return {
        (one.rule.number, one.rule.subject)
        for one in found
        if not kind or one.rule.rule.kind == kind
    }


@given(SHEETS, st.randoms(use_true_random=False))
def test_the_order_of_marks_people_and_questions_is_nothing(
    sheet: Sheet, luck: Random
) -> None:
    rules, subjects, picks = sheet
    shuffled = list(picks.items())
    luck.shuffle(shuffled)

    assert broken((rules, subjects[::-1], dict(shuffled))) == broken(sheet)


@given(SHEETS, st.data())
def test_taking_a_mark_away_breaks_no_cap(sheet: Sheet, data: st.DataObject) -> None:
    rules, subjects, picks = sheet
    gone = data.draw(st.sampled_from(sorted(picks)))
    left = {mark: choice for mark, choice in picks.items() if mark != gone}

    assert broken((rules, subjects, left)) <= broken(sheet)


@given(SHEETS, st.data(), st.sampled_from(WITHOUT_POINTS))
def test_whoever_rather_does_not_rate_breaks_no_cap(
    sheet: Sheet, data: st.DataObject, unsaid: str
) -> None:
    rules, subjects, picks = sheet
    changed = picks | {data.draw(st.sampled_from(sorted(picks))): unsaid}

    cap = BallotRuleKind.AT_MOST
    assert broken((rules, subjects, changed), cap) <= broken(sheet, cap)


@given(SHEETS, st.sampled_from(WITHOUT_POINTS))
def test_whoever_rates_nothing_obeys_every_rule(sheet: Sheet, unsaid: str) -> None:
    rules, subjects, picks = sheet

    assert not broken((rules, subjects, dict.fromkeys(picks, unsaid)))


@given(SHEETS)
def test_a_share_holds_exactly_unless_it_is_the_one_that_is_always_allowed(
    sheet: Sheet,
) -> None:
    rules, subjects, picks = sheet
    for one in sheet_rules(rules, subjects, QUESTIONS):
        if one.rule.share is None or one.rule.kind != BallotRuleKind.AT_MOST:
            continue
        exact = one.rule.share.value * len(one.marks)
        assert one.is_broken(picks) == (one.used(picks) > max(exact, Fraction(1)))


@given(SHEETS)
def test_changing_as_many_marks_as_it_says_mends_one_rule(sheet: Sheet) -> None:
    rules, subjects, picks = sheet
    for found in broken_rules(sheet_rules(rules, subjects, QUESTIONS), picks):
        rule, chosen = found.rule, found.rule.rule.choices
        more = rule.rule.kind != BallotRuleKind.AT_MOST
        wrong = [m for m in rule.marks if (picks[m] in chosen) != more]
        # Without choices every other rating will do.
        other = chosen[0] if more and chosen else "dont_know"
        if rule.rule.kind == BallotRuleKind.NOT_ALL_EQUAL:
            rated = [m for m in rule.marks if picks[m] not in WITHOUT_POINTS]
            wrong, other = rated, next(c for c in RATINGS if c != picks[rated[0]])
        mended = picks | dict.fromkeys(wrong[: found.to_change], other)
        assert not rule.is_broken(mended) or not rule.can_be_obeyed
        almost = picks | dict.fromkeys(wrong[: found.to_change - 1], other)
        assert rule.is_broken(almost)
