"""Laws of scoring, for every crowd, every weight and every way to count."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.counting.tally import Tally
from survey_app.domain.ground.stated import assumed
from survey_app.domain.questionnaire.ballot_rules import Trim
from survey_app.domain.scheme.scheme import (
    CountsAs,
    Grouping,
    Scheme,
    SurveyRules,
    WhenEmpty,
)
from survey_app.domain.scoring.score import score
from survey_app.domain.scoring.score_sheet import Choices, Node, rounded
from survey_app.domain.scoring.worked import added_up, multiplied
from tests.support.schemes import (
    FOUR_LEVELS,
    component,
    group,
    published,
    scheme,
    survey,
)

GROUPS = ("a", "b", "c")
QUESTIONS = ("one", "two")
CHOICES = (*FOUR_LEVELS, "abstain", "dont_know")
WEIGHTS = st.integers(1, 9)
CROWDS = st.fixed_dictionaries(
    {
        key: st.fixed_dictionaries(
            {
                question: st.fixed_dictionaries(
                    {choice: st.integers(0, 7) for choice in CHOICES}
                )
                for question in QUESTIONS
            }
        )
        for key in GROUPS
    }
)


@dataclass(frozen=True)
class Case:
    """A scheme with one survey beside a given value, and what was answered."""

    scheme: Scheme
    tally: Tally

    def overall(self) -> Fraction | None:
        return score(self.scheme, self.evidence()).overall

    def evidence(self) -> ScoreInput:
        values = {"given": Fraction(90)}
        return ScoreInput(tallies={"survey": self.tally}, values=values)

    @property
    def rules(self) -> SurveyRules:
        rules = self.scheme.component("survey").survey
        assert rules is not None
        return rules

    def with_rules(self, rules: SurveyRules) -> "Case":
        return replace(self, scheme=scheme_of(rules))


def scheme_of(rules: SurveyRules) -> Scheme:
    return scheme(component("survey", 30, survey=rules), component("given", 70))


@st.composite
def cases(draw: st.DrawFn, *, trimmed: bool = True) -> Case:
    """Any weights, any grouping, any treatment of abstentions, maybe trimming."""
    rules = survey(
        *(group(key, draw(WEIGHTS)) for key in GROUPS),
        questions={question: draw(WEIGHTS) for question in QUESTIONS},
        grouping=draw(st.sampled_from(Grouping)),
        empty=draw(st.sampled_from(WhenEmpty)),
    )
    cut = Trim(published(1), published(draw(st.integers(0, 2))), published(5))
    rules = replace(
        rules,
        abstain=published(draw(st.sampled_from(CountsAs))),
        trim=cut if trimmed and draw(st.booleans()) else None,
    )
    return Case(scheme_of(rules), draw(CROWDS))


def changed(tally: Tally, place: tuple[str, str], changes: Mapping[str, int]) -> Tally:
    """The tally with so many more or fewer picks in one place."""
    key, question = place
    counts = {**tally[key][question]}
    for choice, more in changes.items():
        counts[choice] += more
    return {**tally, key: {**tally[key], question: counts}}


@given(cases(trimmed=False), st.integers(2, 5))
def test_a_crowd_n_times_as_large_scores_the_same(case: Case, n: int) -> None:
    crowd = {
        key: {q: {c: n * m for c, m in counts.items()} for q, counts in asked.items()}
        for key, asked in case.tally.items()
    }

    assert replace(case, tally=crowd).overall() == case.overall()


@given(
    cases(),
    st.tuples(st.sampled_from(GROUPS), st.sampled_from(QUESTIONS)),
    st.integers(1, 3),
    st.data(),
)
def test_a_vote_moved_to_a_better_choice_never_lowers_the_score(
    case: Case, place: tuple[str, str], worse: int, data: st.DataObject
) -> None:
    levels = list(FOUR_LEVELS)
    better = data.draw(st.integers(0, worse - 1))
    assume(case.tally[place[0]][place[1]][levels[worse]] > 0)

    moved = changed(case.tally, place, {levels[worse]: -1, levels[better]: 1})

    before, after = case.overall(), replace(case, tally=moved).overall()
    assert (before is None) == (after is None)
    assert before is None or after is None or after >= before


@given(cases(), st.fractions(Fraction(1, 9), 9))
def test_weights_are_ratios(case: Case, factor: Fraction) -> None:
    def scaled(weight: Fraction) -> Fraction:
        return weight * factor

    groups = [
        group(g.key, scaled(g.weight.principal.value)) for g in case.rules.rater_groups
    ]
    questions = tuple(
        (key, published(scaled(w.value))) for key, w in case.rules.question_weights
    )
    rules = replace(case.rules, rater_groups=tuple(groups), question_weights=questions)

    assert case.with_rules(rules).overall() == case.overall()


@given(cases(), st.permutations(GROUPS))
def test_the_order_of_rater_groups_is_irrelevant(case: Case, order: list[str]) -> None:
    known = {g.key: g for g in case.rules.rater_groups}
    rules = replace(case.rules, rater_groups=tuple(known[key] for key in order))
    tally = {key: case.tally[key] for key in reversed(order)}

    turned = replace(case.with_rules(rules), tally=tally)

    assert turned.overall() == case.overall()


@given(cases(), st.sampled_from(GROUPS))
def test_renormalising_is_the_same_as_a_scheme_without_the_group(
    case: Case, silent: str
) -> None:
    lenient = replace(case.rules, empty_group=published(WhenEmpty.RENORMALISE))
    rest = {key: asked for key, asked in case.tally.items() if key != silent}
    others = tuple(g for g in lenient.rater_groups if g.key != silent)

    left_out = replace(case.with_rules(lenient), tally=rest)
    without = replace(
        case.with_rules(replace(lenient, rater_groups=others)), tally=rest
    )

    assert left_out.overall() == without.overall()


@given(cases(trimmed=False))
def test_the_score_is_the_mean_anybody_would_compute(case: Case) -> None:
    """Written out once more, naively: no rounding can hide on the way."""
    averaged = replace(
        case.rules,
        grouping=published(Grouping.AVERAGED),
        abstain=published(CountsAs.OUT),
        empty_question=published(WhenEmpty.BLOCK),
        empty_group=published(WhenEmpty.BLOCK),
    )
    assume(
        all(
            sum(case.tally[g][q][c] for c in FOUR_LEVELS)
            for g in GROUPS
            for q in QUESTIONS
        )
    )

    def mean(pairs: list[tuple[Fraction, Fraction]]) -> Fraction:
        return sum((w * v for w, v in pairs), Fraction(0)) / sum(w for w, _ in pairs)

    def of_question(key: str, question: str) -> Fraction:
        counts = case.tally[key][question]
        return mean(
            [(Fraction(counts[c]), Fraction(v)) for c, v in FOUR_LEVELS.items()]
        )

    def of_group(key: str) -> Fraction:
        weights = averaged.question_weights
        return mean([(w.value, of_question(key, q)) for q, w in weights])

    groups = averaged.rater_groups
    social = mean([(g.weight.principal.value, of_group(g.key)) for g in groups])
    overall = social * 30 / 100 + Fraction(90) * 70 / 100
    assert case.with_rules(averaged).overall() == overall


def every(node: Node) -> Iterator[Node]:
    yield node
    for child in node.parts:
        yield from every(child)


@given(cases())
def test_what_the_children_add_is_what_the_number_is(case: Case) -> None:
    sheet = score(case.scheme, case.evidence())

    for node in every(sheet.root):
        if node.value is not None and node.parts:
            added = [child.contribution or Fraction(0) for child in node.parts]
            assert sum(added, Fraction(0)) == node.value


@given(cases())
def test_a_score_lies_on_its_scale_or_says_why_there_is_none(case: Case) -> None:
    sheet = score(case.scheme, case.evidence())

    if sheet.overall is None:
        assert sheet.blocked
        assert sheet.root.value is None
    else:
        assert not sheet.blocked
        assert 63 <= sheet.overall <= 93


@given(st.fractions(-1000, 1000), st.integers(0, 6))
def test_rounding_moves_a_number_by_half_a_unit_at_most(
    value: Fraction, places: int
) -> None:
    off = abs(Fraction(rounded(value, places)) - value)

    assert off <= Fraction(1, 2 * 10**places)


@given(st.decimals(-1000, 1000, places=5), st.integers(0, 5))
def test_rounding_is_half_up_as_in_decimal(number: Decimal, places: int) -> None:
    with localcontext() as context:
        context.prec = 50
        unit = Decimal(1).scaleb(-places)
        expected = number.quantize(unit, ROUND_HALF_UP)

    found = rounded(Fraction(number), places)

    assert Decimal(found) == expected
    assert len(found.partition(".")[2]) == places
    assert not (found.startswith("-") and expected == 0)


FRACTIONS = st.fractions(-1000, 1000, max_denominator=99)


@given(st.lists(FRACTIONS, max_size=9))
def test_numbers_added_up_over_one_denominator_are_their_sum(
    numbers: list[Fraction],
) -> None:
    assert added_up(numbers) == sum(numbers, Fraction(0))


@given(FRACTIONS, FRACTIONS, FRACTIONS.filter(bool))
def test_one_fraction_of_whole_numbers_is_the_product(
    one: Fraction, other: Fraction, by: Fraction
) -> None:
    assert multiplied(one, other, by=by) == one * other / by


@given(cases())
def test_choices_put_down_late_are_those_put_down_at_once(case: Case) -> None:
    abstain = assumed(case.rules.abstain.value)
    case = case.with_rules(replace(case.rules, abstain=abstain))
    for node in every(score(case.scheme, case.evidence()).root):
        if isinstance(choices := node.parts, Choices):
            at_once = replace(node, parts=tuple(choices))

            assert (node, repr(node), hash(node)) == (
                at_once, repr(at_once), hash(at_once)
            )  # fmt: skip
            assert node.assumed == at_once.assumed
            assert sum(one.contribution or 0 for one in choices) == (node.value or 0)
