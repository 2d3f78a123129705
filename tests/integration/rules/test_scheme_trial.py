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
from tests.integration.rules.test_scheme_drafts import begun
from tests.support.filled_forms import form_on
from tests.support.office import Desk, desk

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
