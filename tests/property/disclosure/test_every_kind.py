"""Questions of every kind tell no few people's answers, and no exact numbers."""

from fractions import Fraction
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.domain.counting.subject_plan import SubjectPlan
from survey_app.domain.counting.tally import Tally, heard
from survey_app.domain.disclosure.cells import cell_of
from survey_app.domain.questionnaire.question import ANSWERED, QuestionKind
from survey_app.domain.scheme.scheme import POOLED, Post
from survey_app.domain.scoring.score_sheet import Node, NodeKind
from tests.support.every_kind_scheme import kinds_questionnaire, kinds_scheme
from tests.support.kinds_crowd import DRAWN, crowd
from tests.support.kinds_reader import Reader, Row, sets_of, told_of

ASKED = kinds_questionnaire()
APART = kinds_scheme()
TOGETHER = kinds_scheme(
    ('kind = "survey"', 'kind = "survey"\ngrouping = { assumed = "pooled" }'),
    ('design = "roster"\n', ""),
    ('weight = { published = "1" }\n', ""),
    ('weight = { published = "3" }\n', ""),
)
SCHEMES = {"apart": APART, "together": TOGETHER}
Drawn = tuple[int, int, int]
"""How many staff, how many residents, and what chance makes of them."""
SIZES = st.integers(0, 9) | st.integers(10, 14)
CROWDS = st.tuples(SIZES, SIZES, st.integers(0, 10**6))


def answers_of(found: Drawn) -> Tally:
    staff, residents, seed = found
    return crowd(ASKED, {"staff": staff, "residents": residents}, seed)


def row(groups: tuple[str, ...], key: str, *answers: str) -> Row:
    return {(g, f"{key}={a}"): Fraction(1) for g in groups for a in answers}


@settings(max_examples=60)
@given(CROWDS, st.sampled_from(sorted(SCHEMES)))
def test_what_few_people_answered_cannot_be_worked_out(
    found: Drawn, grouping: str
) -> None:
    tally = answers_of(found)
    results, frozen = told_of(SCHEMES[grouping], ASKED, tally)

    reader = Reader(results)

    floor = frozen.floors.office
    for question in ASKED.questions:
        for groups in sets_of(tuple(tally)):
            people = sum(heard(tally[g].get(question.key, {})) for g in groups)
            if 0 < people < floor:
                said = {a for g in groups for a in tally[g].get(question.key, {})}
                for answer in said - {"blank", "not_asked", ANSWERED}:
                    secret = row(groups, question.key, answer)
                    assert not reader.knows(secret), (groups, question.key, answer)


@settings(max_examples=60)
@given(CROWDS)
def test_where_nearly_everybody_says_the_same_nobody_knows_how_many(
    found: Drawn,
) -> None:
    tally = answers_of(found)
    results, frozen = told_of(APART, ASKED, tally)
    reader = Reader(results, with_score=False)

    for other in frozen.others:
        for group in tally:
            for cell, counts in other.counted(tally[group].get(other.key, {})):
                n = sum(counts.values())
                for some in other.alike(counts):
                    alike = sum(counts.get(one, 0) for one in some)
                    if not n or alike <= n - frozen.floors.shroud:
                        continue
                    secret = _of_cell(group, other.key, cell, some)
                    assert not reader.knows(secret), (group, cell, some)


def _of_cell(group: str, key: str, cell: str, some: tuple[str, ...]) -> Row:
    question = ASKED.question(key)
    assert question is not None
    if question.kind is QuestionKind.SEVERAL:
        return row((group,), key, cell.removeprefix(f"{key}."))
    if question.kind is not QuestionKind.NUMBER:
        return row((group,), key, *some)
    bands = [one for one in question.number_bands if one.key in some]
    inside = [n for n in DRAWN for b in bands if b.low <= n <= b.high]
    return row((group,), key, *map(str, inside))


@settings(max_examples=60)
@given(CROWDS, st.sampled_from(sorted(SCHEMES)))
def test_no_mean_tells_a_number_not_even_to_one_of_them(
    found: Drawn, grouping: str
) -> None:
    tally = answers_of(found)
    results, _ = told_of(SCHEMES[grouping], ASKED, tally)
    node, _ = results.score(Post.PRINCIPAL)

    for place, mean in _means(node):
        groups = tuple(tally) if place == POOLED else (place,)
        numbers = [
            int(number)
            for group in groups
            for number, n in tally[group].get("points", {}).items()
            for _ in range(n)
        ]
        for known in ((), *combinations(sorted(set(numbers)), 1)):
            for least, most in _possible(mean, numbers, known):
                assert most - least + 1 >= 5, (place, mean, known, numbers)


def _means(node: Node, group: str = POOLED) -> list[tuple[str, Fraction]]:
    found = []
    for part in node.parts:
        if part.kind is NodeKind.GROUP:
            found += _means(part, part.key)
        elif part.kind is NodeKind.QUESTION and part.key == "points":
            found += [(group, part.value)] if part.value is not None else []
    return found


def _possible(
    mean: Fraction, numbers: list[int], known: tuple[int, ...]
) -> list[tuple[int, int]]:
    """Return the least and greatest number of everybody else, by bands and mean."""
    question = ASKED.question("points")
    assert question is not None
    others = list(numbers)
    for one in known:
        others.remove(one)
    bands = [next(b for b in question.number_bands if n <= b.high) for n in others]
    total = mean * len(numbers) - sum(known)
    least, most = sum(b.low for b in bands), sum(b.high for b in bands)
    return [
        (
            max(b.low, int(total - (most - b.high))),
            min(b.high, int(total - (least - b.low))),
        )
        for b in bands
    ]


@given(CROWDS)
def test_a_score_that_alone_tells_numbers_is_withheld(found: Drawn) -> None:
    tally = answers_of(found)
    only = kinds_scheme(
        ('minimum_answers = { assumed = 1 }', 'minimum_answers = { assumed = 1 }\n'
         'question_weights = { overall = { assumed = 0 }, handled = { assumed = 0 }, '
         'waited = { assumed = 0 }, again = { assumed = 0 }, '
         'points = { assumed = 1 } }')
    )  # fmt: skip
    results, _ = told_of(only, ASKED, tally)
    node, blocked = results.score(Post.PRINCIPAL)

    told = {place for place, _ in _means(node)}

    if node.value is not None:
        groups = {part.key for part in node.parts if part.value is not None}
        alone = [g for g in tally if tally[g].get("points")]
        assert groups <= told or len(alone) > 1, (tally, blocked)


def plan_of(found: Drawn) -> SubjectPlan:
    return told_of(APART, ASKED, answers_of(found))[0].plan


@given(CROWDS)
def test_a_choice_of_several_is_never_told_without_who_answered(found: Drawn) -> None:
    plan = plan_of(found)

    for group in plan.shown:
        if not plan.tells(group, "ways"):
            for choice in ("phone", "desk", "post"):
                assert not plan.tells(group, cell_of("ways", choice))
