"""The workbook of a cycle: recomputed by LibreOffice, and kept like other files."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from survey_app.analytics.papers.cycle_book import write_cycle_book
from survey_app.analytics.papers.cycle_facts import CycleFacts, PaperSeal
from survey_app.analytics.papers.cycle_sheets import CycleSheet
from survey_app.analytics.scores import SubjectSheet
from survey_app.domain.counting.evidence import (
    BONUS,
    DEDUCTION,
    Adjustment,
    NamedRating,
    ScoreInput,
)
from survey_app.domain.counting.subject_plan import SubjectPlan
from survey_app.domain.counting.tally import Turnout
from survey_app.domain.questionnaire.ballot_rules import Trim
from survey_app.domain.scheme.components import (
    every_component,
    from_outside,
    named_places,
)
from survey_app.domain.scheme.floors import HARD
from survey_app.domain.scheme.scheme import Component, Grouping, Post, Scheme
from survey_app.domain.scheme.total_rules import AdjustmentRules, Order
from survey_app.domain.scoring.score import score, shown_sheet
from survey_app.domain.scoring.score_sheet import ScoreSheet
from survey_app.shipped_files import RuleFiles
from tests.support.libre_office import recalculated
from tests.support.schemes import component, group, published, scheme, survey

SHIPPED = RuleFiles.of("")
QUESTIONNAIRES = SHIPPED.questionnaires.usable
MASSES = survey(
    group("staff", 2, deputy=1), group("masses", 3), questions={"a": 2, "b": "1/3"}
)
TRIM, POOLED = Trim(*map(published, (2, 1, 9))), published(Grouping.POOLED)
ADJUSTED = scheme(
    component(
        "first", 40, survey=replace(MASSES, trim=Trim(*map(published, (2, 1, 9))))
    ),
    component(
        "second", 30, survey=replace(MASSES, grouping=published(Grouping.POOLED))
    ),
    component(
        "both", 30, parts=(component("inner", 20), component("other", 10, full=120))
    ),
    adjustments=AdjustmentRules(
        published(Order.BEFORE), "both", bonus_cap=published(Fraction(5, 3))
    ),
)
"""What the shipped schemes have not: trimming, pooling, bonuses before weighting."""


def evidence(rules: Scheme, seed: int) -> ScoreInput:
    """Return everything the scheme asks for, in numbers that come out even nowhere."""
    surveys = [one for one in every_component(rules.components) if one.survey]
    adjusts = rules.adjustments.bonus_cap is not None
    signed: dict[str, dict[str, tuple[NamedRating, ...]]] = {}
    for key, raters in named_places(rules.components):
        points = (Fraction(88), Fraction(181, 2), Fraction(77 + seed))
        signed.setdefault(key, {})[raters] = tuple(
            NamedRating("赵六", "县领导", one, "理由", "文件") for one in points
        )
    return ScoreInput(
        tallies={one.key: dict(counts(one, seed)) for one in surveys},
        turnout={
            one.key: {
                g.key: Turnout(issued=990, returned=980, present=990, membership=999)
                for g in one.survey.asked
            }
            for one in surveys
            if one.survey
        },
        values={
            one.key: one.full_marks.value * Fraction(6 + seed, 7 + seed)
            for one in from_outside(rules)
        },
        adjustments=(
            Adjustment(BONUS, Fraction(7, 3), "奖励", "文件"),
            Adjustment(DEDUCTION, Fraction(1, 7), "通报", "文件"),
        )
        if adjusts
        else (),
        named=signed,
    )


def counts(one: Component, seed: int) -> Iterator[tuple[str, Any]]:
    rules = one.survey
    assert rules is not None
    asked = QUESTIONNAIRES.get(rules.questionnaire)
    keys = [q.key for q in asked.questions] if asked else ["a", "b"]
    for place, raters in enumerate(rules.asked):
        yield (
            raters.key,
            {
                question: {
                    choice: 20 + (seed + place) * 7 + number * (5 + nth)
                    for number, (choice, _) in enumerate(rules.values)
                }
                for nth, question in enumerate(keys)
            },
        )


def book(rules: Scheme, sheets: list[ScoreSheet], posts: list[Post]) -> bytes:
    """Return the workbook of a cycle in which these are everybody's sheets."""
    values = [evidence(rules, seed).values for seed in range(len(sheets))]
    everybody = [
        CycleSheet(
            SubjectSheet(n, f"第{n}人", "清河镇", "镇长", posts[n], one),
            f"C{n}",
            "U1",
            values[n],
        )
        for n, one in enumerate(sheets)
    ]
    asked = {
        one.survey.questionnaire: QUESTIONNAIRES[one.survey.questionnaire]
        for one in every_component(rules.components)
        if one.survey and one.survey.questionnaire in QUESTIONNAIRES
    }
    facts = CycleFacts(
        cycle_id=1,
        name="2026",
        scheme=rules,
        settled_on=date(2026, 5, 1),
        made_on=date(2026, 5, 1),
        surveys=[],
        questionnaires=asked,
        floor=10,
        seal=PaperSeal(rules.fingerprint, 7, "ab" * 32),
    )
    file = BytesIO()
    write_cycle_book(file, facts, everybody, [], (str, "zh"))
    return file.getvalue()


def planted(content: bytes) -> bytes:
    """Return the workbook with one person more in the first count of all."""
    changed = BytesIO()
    with ZipFile(BytesIO(content)) as whole, ZipFile(changed, "w") as other:
        for part in whole.namelist():
            text = whole.read(part).decode()
            if part == "xl/worksheets/sheet8.xml":  # the first sheet of counts
                cell = re.compile(r'(<c r="E3"[^>]*><v>)(\d+)')
                text, found = cell.subn(lambda m: f"{m[1]}{int(m[2]) + 1}", text)
                assert found == 1
            other.writestr(part, text)
    return changed.getvalue()


POSTS = [Post.PRINCIPAL, Post.DEPUTY]
RULES = {**SHIPPED.schemes.usable, "adjusted": ADJUSTED}
SHEETS = {
    key: [
        score(rules, evidence(rules, n), post=post, questionnaires=QUESTIONNAIRES)
        for n, post in enumerate(POSTS)
    ]
    for key, rules in RULES.items()
}


@pytest.fixture(scope="module")
def hidden() -> ScoreSheet:
    """A sheet on which nearly everybody of a group objected to a question."""
    plan = SubjectPlan(
        replace(HARD, shroud=2),
        {"staff": 88, "masses": 102},
        190,
        posts=(Post.PRINCIPAL, Post.DEPUTY),
        banded=frozenset({("staff", "a")}),
    )
    key, told = "first", evidence(ADJUSTED, 0)
    plans = {key: plan, "second": replace(plan, banded=frozenset())}
    return shown_sheet(ADJUSTED, told, plans, questionnaires=QUESTIONNAIRES)


@pytest.fixture(scope="module")
def calculated(
    tmp_path_factory: pytest.TempPathFactory, hidden: ScoreSheet
) -> dict[str, Any]:
    """Every workbook of this module as LibreOffice has worked it out, at one start."""
    books = {key: book(RULES[key], sheets, POSTS) for key, sheets in SHEETS.items()}
    more = {
        "planted": planted(books["adjusted"]),
        "hidden": book(ADJUSTED, [hidden], POSTS),
    }
    return recalculated(tmp_path_factory.mktemp("books"), books | more)


@pytest.mark.parametrize("key", RULES)
def test_live_formulas_recompute_every_overall_score(
    calculated: dict[str, Any], key: str
) -> None:
    exact = [one.overall for one in SHEETS[key]]
    _, *rows = calculated[key]["Check"]
    overall = [row for row in rows if row[0] == "Overall score"]

    assert None not in exact, [one.blocked for one in SHEETS[key]]
    assert [row[8] for row in overall] == pytest.approx(
        [float(one) for one in exact if one is not None], abs=1e-9
    )
    assert {row[11] for row in rows} == {"✓"}
    # Nothing but what was handed in, signed or entered is taken as it stands.
    stated = {row[0] for row in rows if row[7] != ""}
    assert stated <= {"component", "named rating", "bonus, deduction"}
    assert calculated[key]["About"][-1][1] == 0


def test_a_count_that_was_changed_is_found(calculated: dict[str, Any]) -> None:
    _, *rows = calculated["planted"]["Check"]
    wrong = {(row[0], row[1]) for row in rows if row[11] == "✗"}

    assert ("question", 1) in wrong
    assert ("Overall score", 1) in wrong
    assert not [who for what, who in wrong if who == 2], "the other one's are as before"
    assert calculated["planted"]["About"][-1][1] == len(
        [1 for r in rows if r[11] == "✗"]
    )
    assert [row[8] for row in calculated["planted"]["Overall scores"][1:]] == ["✗", "✓"]


def test_what_rests_on_something_hidden_is_taken_as_it_stands(
    calculated: dict[str, Any], hidden: ScoreSheet
) -> None:
    _, *rows = calculated["hidden"]["Check"]
    _, _, *counted = calculated["hidden"]["Counts first（中文）"]

    assert hidden.overall is not None
    assert {row[11] for row in rows} == {"✓", ""}
    taken = [row[4] for row in rows if row[12].startswith("taken as it stands")]
    assert taken == ["staff（中文）"]
    assert [row[2:4] for row in counted][:3] == [
        ["staff（中文）", "b"], ["masses（中文）", "a"], ["masses（中文）", "b"],
    ]  # fmt: skip


def test_the_same_cycle_gives_the_same_bytes() -> None:
    sheets = SHEETS["adjusted"]

    assert book(ADJUSTED, sheets, POSTS) == book(ADJUSTED, sheets, POSTS)
