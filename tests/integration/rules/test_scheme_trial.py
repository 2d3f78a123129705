"""A scheme is tried on counts: what it makes of them is what `survey score` says."""

import json
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from survey_app.domain.scheme.scheme import Post
from survey_app.domain.trial.score_json import read_score_input, score_output
from survey_app.rulebook.notes import notes_of
from survey_app.shipped_files import RuleFiles, shipped_scheme
from tests.integration.rules.test_own_rules import ready
from tests.integration.rules.test_scheme_drafts import begun, brought
from tests.support.every_kind_scheme import KINDS_QUESTIONNAIRE, KINDS_SCHEME
from tests.support.filled_forms import form_on
from tests.support.office import Desk, desk
from tests.support.respondents import shown

SCHEME = shipped_scheme("one-third")
RULES = RuleFiles().questionnaires.usable


def counts(masses: int = 60) -> dict[str, object]:
    """Everybody is fairly content, and so many answered."""
    tallies: dict[str, object] = {}
    for component in SCHEME.components:
        if component.survey:
            asked = RULES[component.survey.questionnaire]
            best = max(component.survey.points().items(), key=lambda one: one[1])[0]
            tallies[component.key] = {
                group.key: {one.key: {best: masses} for one in asked.questions}
                for group in component.survey.asked
            }
    values = {one.key: "90" for one in SCHEME.components if one.survey is None}
    return {"tallies": tallies, "values": values}


@pytest.fixture
def writer(app: Flask, db: Session) -> Desk:
    return desk(app, db, "designer")


def exact(text: str) -> str:
    evidence = read_score_input(text, file="a", scheme=SCHEME, sheets_ask=RULES)
    told = score_output(
        SCHEME, evidence, say=lambda remark: remark.key, language="en",
        post=Post.PRINCIPAL, questionnaires=RULES,
    )  # fmt: skip
    return str(told["overall"]["rounded"])


def test_counts_from_a_file_make_the_score_of_the_terminal(
    db: Session, writer: Desk
) -> None:
    page, text = begun(writer), json.dumps(counts())
    sent = writer.send(
        f"{page}/trial/counts", counts="", file=(BytesIO(text.encode()), "counts.json")
    )
    assert sent.status_code == 303

    told = writer.see(f"{page}/trial?lang=en").text

    assert f"Overall score{exact(text)}" in told
    assert "Nothing of the overall score." in told
    assert notes_of(db, int(page.rpartition("/")[2]))[1] == text


def test_what_a_county_would_withhold_is_said(writer: Desk) -> None:
    page = begun(writer)
    writer.send(f"{page}/trial/counts", counts=json.dumps(counts(masses=9)))

    told = writer.see(f"{page}/trial?lang=en&mode=open").text

    assert "What would be withheld" in told
    assert "too few, nothing of it is shown" in told


def test_typed_counts_are_kept_beside_what_else_was_loaded(
    db: Session, writer: Desk
) -> None:
    page = begun(writer)
    bonus = {"kind": "bonus", "points": "1", "reason": "r", "source": "s"}
    writer.send(
        f"{page}/trial/counts", counts=json.dumps({**counts(), "adjustments": [bonus]})
    )
    form = form_on(writer, f"{page}/trial?lang=en", "given-0")

    assert (
        form.send(**{**form.values, "given-0": "80", "cells-0": "7"}).status_code == 303
    )

    kept = json.loads(notes_of(db, int(page.rpartition("/")[2]))[1])
    assert kept["values"] == {"achievements": "80"}
    assert kept["adjustments"] == [bonus]
    assert (
        7
        in next(
            iter(next(iter(next(iter(kept["tallies"].values())).values())).values())
        ).values()
    )


def test_wrong_counts_are_refused_with_all_that_is_wrong(writer: Desk) -> None:
    page = begun(writer)

    sent = writer.send(
        f"{page}/trial/counts?lang=en",
        counts='{"tallies": {"nothing": {}}, "valeus": {}}',
    )

    assert sent.status_code == 422
    assert "valeus" in sent.text
    assert "nothing" in sent.text


def kinds_trial(db: Session, writer: Desk) -> str:
    """Return the page of a scheme that scores a number, its questionnaire ready."""
    file = (BytesIO(KINDS_QUESTIONNAIRE.encode()), "kinds.toml")
    sent = writer.send("/rules/files", kind="questionnaire", file=file)
    ready(db, writer, str(sent.location).removeprefix("/office"))
    return f"{brought(writer, KINDS_SCHEME)}/trial?lang=en"


def test_numbers_are_typed_and_what_has_no_field_stays(
    db: Session, writer: Desk
) -> None:
    page = kinds_trial(db, writer)
    loaded = {
        "overall": {"good": 8, "bad": 2},
        "points": {"85": 9, "40": 1},
        "waited": {"7": 3, "blank": 7},
        "again": {"good": 4, "not_asked": 6},
        "why": {"answered": 2, "not_asked": 8},
    }
    counts = {"tallies": {"satisfaction": {"residents": loaded}}}
    sent = writer.send(
        page.replace("/trial", "/trial/counts"), counts=json.dumps(counts)
    )
    assert sent.status_code == 303, sent.text
    form = form_on(writer, page, "numbers-2")
    lines = [form.values[f"numbers-{place}"] for place in range(4)]
    assert lines == [[""], [""], ["40×1, 85×9"], ["7×3, blank×7"]]

    said = "85 × 12，64*3、64; 空白"
    assert form.send(**{**form.values, "numbers-2": said}).status_code == 303

    kept = json.loads(notes_of(db, int(page.split("/")[2]))[1])
    points = {"85": 12, "64": 4, "blank": 1}
    assert kept["tallies"]["satisfaction"]["residents"] == loaded | {"points": points}


def test_what_is_no_count_of_numbers_is_refused_as_it_was_typed(
    db: Session, writer: Desk
) -> None:
    page = kinds_trial(db, writer)
    form = form_on(writer, page, "numbers-2")

    typed = "85×many, 3×4×5, 64×2"
    sent = form.send(**{**form.values, "numbers-2": typed})

    assert sent.status_code == 422
    read = shown(sent)
    lists = ("".join(one.itertext()) for one in read.all("ul"))
    (told,) = (one for one in lists if "many" in one)
    assert "3×4×5" in told
    assert "64" not in told
    assert typed in [one.get("value") for one in read.all("input")]


@pytest.mark.parametrize(
    ("language", "groups", "question"),
    [
        ("en", ("Superiors (A ballots)", "all rater groups together"), "Overall"),
        ("zh", ("上级（A票）", "全部测评主体合计"), "总体评价"),
    ],
)
def test_an_alert_is_told_by_the_names_of_its_groups_and_its_own_question(
    writer: Desk, language: str, groups: tuple[str, ...], question: str
) -> None:
    sent = writer.send(
        "/rules/copies", kind="scheme", key="xining-cadres-2012", to="next"
    )
    page = str(sent.location).removeprefix("/office")
    tally = {"overall": {"excellent": 20, "incompetent": 20}}
    groups_asked = ("superiors", "peers", "subordinates")
    text = json.dumps({"tallies": {"democratic": dict.fromkeys(groups_asked, tally)}})
    assert writer.send(f"{page}/trial/counts", counts=text).status_code == 303

    told = writer.see(f"{page}/trial?lang={language}").text

    for group in groups:
        assert f"{question} · {group}" in told
    assert "· superiors" not in told
    assert "· pooled" not in told
