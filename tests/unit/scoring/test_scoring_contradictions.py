"""Counts that cannot all be true, and evidence the scheme has no place for."""

from fractions import Fraction

import pytest

from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.counting.tally import Tally, Turnout
from survey_app.domain.scheme.scheme import Design, Scheme
from survey_app.domain.scoring.score import score
from tests.support.schemes import answers, component, group, scheme, survey, tally
from tests.support.trial import LEAVE_OUT, reasons


class TestContradictions:
    """Counts that cannot all be true block, whatever the scheme may leave out."""

    def whole(self) -> Scheme:
        staff = group("staff", design=Design.ROSTER)
        rules = survey(staff, group("others"), empty=LEAVE_OUT)
        lenient = component("survey", 50, survey=rules, missing=LEAVE_OUT)
        return scheme(lenient, component("given", 50, missing=LEAVE_OUT))

    def said(self, counts: Tally, **turnout: Turnout) -> list[str]:
        evidence = ScoreInput(
            tallies={"survey": counts},
            turnout={"survey": turnout},
            values={"given": Fraction(90)},
        )
        return reasons(score(self.whole(), evidence))

    COUNTS = (("staff", 9), ("others", 9))

    def counts(self) -> Tally:
        return {key: {"overall": answers(n, 0, 0, 0)} for key, n in self.COUNTS}

    def test_without_any_there_is_a_score(self) -> None:
        fits = Turnout(issued=10, returned=10, invalid=1, membership=10)

        assert self.said(self.counts(), staff=fits) == []

    def test_more_returned_than_issued_is_void(self) -> None:
        assert self.said(self.counts(), staff=Turnout(issued=9, returned=10)) == [
            "survey / staff: more ballots came back than were issued; the survey is "
            "void and must be repeated."
        ]

    def test_invalid_ballots_came_back_as_well(self) -> None:
        assert self.said(self.counts(), staff=Turnout(issued=9, invalid=1)) != []

    def test_more_counted_than_returned(self) -> None:
        assert self.said(self.counts(), staff=Turnout(returned=8)) == [
            "survey / staff / overall: more answers were counted than ballots came "
            "back."
        ]

    def test_more_returned_than_a_roster_has_members(self) -> None:
        few = Turnout(membership=8)

        assert self.said(self.counts(), others=few) == [], "others are no roster"
        assert self.said(self.counts(), staff=few) == [
            "survey / staff: more ballots came back than there are members; the survey "
            "is void and must be repeated."
        ]

    def test_a_choice_or_group_the_scheme_does_not_know(self) -> None:
        typo = tally({"satisfied": 1, "satisfeid": 8}, group="staff")
        stranger = tally(answers(9, 0, 0, 0), group="stranger")

        assert self.said(typo) == [
            "survey / staff / overall: the scheme gives no points to the choice "
            '"satisfeid".'
        ]
        assert self.said(stranger) == [
            'survey: the scheme has no rater group "stranger".'
        ]

    def test_a_component_the_scheme_does_not_know(self) -> None:
        given = {"given": Fraction(90), "achievments": Fraction(93)}
        evidence = ScoreInput(tallies={"poll": {}}, values=given)

        sheet = score(scheme(component("given")), evidence)

        assert sheet.root.value is None
        assert reasons(sheet) == [
            'Answers were handed in for "poll", which is no survey of the scheme.',
            'A value was handed in for "achievments", which the scheme takes from '
            "nowhere outside.",
        ]

    @pytest.mark.parametrize("value", ["100.01", "-1"])
    def test_a_value_beyond_the_full_marks(self, value: str) -> None:
        whole = scheme(
            component("given", 50, missing=LEAVE_OUT), component("other", 50)
        )
        values = {"given": Fraction(value), "other": Fraction(1)}

        assert len(reasons(score(whole, ScoreInput(values=values)))) == 1

    def test_nobody_can_build_counts_below_zero(self) -> None:
        with pytest.raises(ValueError, match="negative"):
            ScoreInput(tallies={"survey": tally({"satisfied": -1})})
