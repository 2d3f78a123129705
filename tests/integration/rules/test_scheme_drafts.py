"""A scheme is written in the browser: its weights, its parts, and what is wrong."""

import re
from io import BytesIO
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from survey_app.domain.scheme.draft_places import components_in
from survey_app.domain.scheme.scheme_file import read_scheme
from survey_app.domain.scheme.scheme_text import scheme_tree
from survey_app.shipped_files import shipped_scheme
from tests.conftest import ONE_DATABASE
from tests.integration.rules.test_own_rules import ready, row_at
from tests.support.every_kind_scheme import KINDS_QUESTIONNAIRE, KINDS_SCHEME
from tests.support.filled_forms import form_on
from tests.support.office import Desk, desk
from tests.unit.scheme.test_scheme_docs import FRAGMENTS, SCHEMES, with_fragment

WHOLE = [("", SCHEMES[1]), *((one[0], with_fragment(*one)) for one in FRAGMENTS)]
INSIDE = {
    "": "",
    "scheme": "",
    "component": "components[0]",
    "survey": "components[1]",
    "group": "components[1].rater_groups[1]",
    "alert": "alerts[0]",
    "end": "review adjustments disclosure rates[0] alerts[1] alerts[2] alerts[3]",
}
"""Where a fragment of the page stands → the parts it changes."""


@pytest.fixture
def writer(app: Flask, db: Session) -> Desk:
    return desk(app, db, "designer")


def begun(writer: Desk, key: str = "one-third") -> str:
    sent = writer.send("/rules/copies", kind="scheme", key=key, to="copy")
    return str(sent.location).removeprefix("/office")


def brought(writer: Desk, text: str) -> str:
    file = (BytesIO(text.encode()), "scheme.toml")
    sent = writer.send("/rules/files", kind="scheme", file=file)
    return str(sent.location).removeprefix("/office")


def part(page: str, place: str) -> str:
    return f"{page}/part?place={quote(place)}&lang=en"


def saved(writer: Desk, at: str, field: str = "seen", **typed: Any) -> Any:
    """Save a form as its page shows it, with some fields typed anew."""
    form = form_on(writer, at, field)
    return form.send(**{**form.values, **typed})


def places_of(mark: str, text: str) -> list[str]:
    """Return the parts that a fragment changes; of a whole scheme all."""
    inside = INSIDE[mark].split(" ")
    return [
        place
        for place in every_place(text)
        if not mark or place in inside or (mark == "survey" and inside[0] in place)
    ]


def every_place(text: str) -> list[str]:
    tree = scheme_tree(read_scheme(text, file="a"))
    found = ["", "review", "adjustments", "disclosure"]
    for place, _, one in components_in(tree):
        found.append(place)
        for name in ("rater_groups", "conditions", "ballot_rules"):
            inside = one.get(name)
            many = len(inside) if isinstance(inside, list) else 0
            found += [f"{place}.{name}[{number}]" for number in range(many)]
    for name in ("rates", "alerts"):
        listed = tree.get(name)
        many = len(listed) if isinstance(listed, list) else 0
        found += [f"{name}[{number}]" for number in range(many)]
    return found


@ONE_DATABASE
def test_every_part_saved_as_it_is_shown_says_what_it_said(
    db: Session, writer: Desk
) -> None:
    """Nothing is lost in a form: not a status, not a source, not a default."""
    for mark, text in WHOLE:
        page = brought(writer, text)
        before = read_scheme(text, file="a")
        for place in places_of(mark, text):
            assert saved(writer, part(page, place), "place").status_code == 303, place
        assert saved(writer, page, "lines-0-place").status_code == 303
        after = read_scheme(row_at(db, page).text, file="b")
        assert after == before
        assert writer.send(f"{page}/deletion").status_code == 303


def test_points_are_asked_only_for_kinds_that_the_questionnaire_asks(
    writer: Desk,
) -> None:
    page = begun(writer)
    at = part(page, "components[1]")
    fields = form_on(writer, at, "place").values
    assert {"values-0-value", "question_weights-0-value"} <= fields.keys()
    assert not [name for name in fields if name.startswith(("singles", "numbers"))]
    assert "Points of single choices" not in writer.see(at).text

    saved(writer, at, "place", questionnaire="")
    fields = form_on(writer, at, "place").values
    assert {"singles-0-value", "numbers-1-value"} <= fields.keys(), "they may be typed"


def test_only_a_question_that_enters_the_score_can_be_given_a_weight(
    db: Session, writer: Desk
) -> None:
    """Ratings, and of the other kinds what the scheme values: no text, no window."""
    file = (BytesIO(KINDS_QUESTIONNAIRE.encode()), "kinds.toml")
    sent = writer.send("/rules/files", kind="questionnaire", file=file)
    ready(db, writer, str(sent.location).removeprefix("/office"))
    at = part(brought(writer, KINDS_SCHEME), "components[0]")

    def weighed() -> set[str]:
        fields = form_on(writer, at, "place").hidden
        names = re.compile(r"question_weights-\d+-name").fullmatch
        return {value for name, value in fields.items() if names(name)}

    assert weighed() == {"overall", "handled", "points", "waited", "again"}
    fields = form_on(writer, at, "place").values
    singles = {name: "" for name in fields if re.fullmatch(r"singles-\d+-value", name)}
    saved(writer, at, "place", **singles)
    assert weighed() == {"overall", "points", "waited", "again"}


def test_weights_are_added_up_and_a_wrong_sum_is_kept_and_said(
    db: Session, writer: Desk
) -> None:
    page = begun(writer)
    assert "adds up to 100" in writer.see(f"{page}?lang=en").text

    sent = saved(writer, f"{page}?lang=en", "lines-0-place",
                 **{"lines-0-principal": "39.5"})  # fmt: skip

    assert sent.status_code == 303
    told = writer.see(f"{page}?lang=en").text
    assert "should be 100" in told
    assert "1 thing is still wrong" in told
    assert "the weights add up to" in told
    row = row_at(db, page)
    assert writer.send(f"{page}/ready", seen=row.saved).status_code == 422
    assert 'weight = { assumed = "39.5"' in row.text


def test_what_cannot_be_read_is_kept_and_told_beside_its_field(writer: Desk) -> None:
    page = begun(writer)
    at = part(page, "alerts[0]")

    sent = saved(writer, at, "place", **{"threshold-value": "ein Drittel"})

    assert "/part" in sent.location
    told = writer.see(at).text
    assert "“ein Drittel” is not a number" in told.replace(
        '"ein Drittel"', "“ein Drittel”"
    )
    assert form_on(writer, at, "place").values["threshold-value"] == ["ein Drittel"]


def test_a_new_short_name_is_followed_wherever_it_stood(
    db: Session, writer: Desk
) -> None:
    page = begun(writer)
    scheme = shipped_scheme("one-third")
    survey = scheme.alerts[0].component
    place = next(
        place for place, _, one in components_in(scheme_tree(scheme))
        if one["key"] == survey
    )  # fmt: skip
    group = scheme.alerts[0].rater_groups[0]
    index = next(
        number
        for number, one in enumerate(scheme.component(survey).survey.rater_groups)  # type: ignore[union-attr]  # it is a survey
        if one.key == group
    )

    assert saved(writer, part(page, place), "place", key="renamed").status_code == 303
    at = part(page, f"{place}.rater_groups[{index}]")
    assert saved(writer, at, "place", key="other").status_code == 303
    assert (
        saved(writer, part(page, "alerts[0]"), "place", key="third").status_code == 303
    )

    after = read_scheme(row_at(db, page).text, file="a")
    assert {rule.component for rule in after.alerts} == {"renamed"}
    assert all("other" in rule.rater_groups for rule in after.alerts)
    assert [key for key, _ in after.review.proposes if key == "third"] == (
        ["third"] if scheme.review.proposes else []
    )


def test_parts_are_added_moved_and_taken_out(db: Session, writer: Desk) -> None:
    page = begun(writer)

    def arranged(act: str, place: str, kind: str = "") -> None:
        sent = writer.send(
            f"{page}/arrangement",
            act=act, place=place, kind=kind, seen=row_at(db, page).saved,
        )  # fmt: skip
        assert sent.status_code == 303

    before = row_at(db, page).text
    keys = [c.key for c in read_scheme(before, file="a").components]
    arranged("up", "components[1]")
    moved = read_scheme(row_at(db, page).text, file="a")
    assert [c.key for c in moved.components] == [keys[1], keys[0], *keys[2:]]
    arranged("down", "components[0]")
    arranged("add", "", "alerts")
    assert "“" not in writer.see(f"{page}?lang=zh").text.partition("components[")[0][:0]
    assert "is missing" in writer.see(f"{page}?lang=en").text
    arranged("out", f"alerts[{len(moved.alerts)}]")
    assert read_scheme(row_at(db, page).text, file="a").alerts == moved.alerts


def test_a_draft_that_somebody_else_saved_is_not_overwritten(writer: Desk) -> None:
    page = begun(writer)
    form = form_on(writer, part(page, ""), "place")
    assert form.send(**form.values).status_code == 303
    assert form.send(**form.values).status_code == 409


@pytest.mark.parametrize(
    "place", ["nothing", "components[9]", "alerts[0].components[0]", "a[0]", "review.x"]
)
def test_a_place_that_is_not_there_is_not_found(writer: Desk, place: str) -> None:
    page = begun(writer)

    assert writer.open(part(page, place)).status_code == 404


@ONE_DATABASE
def test_versions_are_told_apart_and_numbers_stand_beside_their_source(
    writer: Desk,
) -> None:
    sent = writer.send("/rules/copies", kind="scheme", key="one-third", to="next")
    page = str(sent.location).removeprefix("/office")
    lines = {"lines-0-principal": "50", "lines-1-principal": "30"}
    saved(writer, f"{page}?lang=en", "lines-0-place", **lines)
    at = part(page, "components[0]")
    cited = {"weight-principal-zh": "第二条", "weight-principal-en": "第二条"}
    saved(writer, at, "place", **cited)

    told = writer.see(f"{page}/difference?lang=en").text
    assert "Achievements › Weight" in told
    assert "50 (assumed: 第二条)" in told

    text = "第一条 目的。\n第二条 实绩占百分之五十。\n第三条 其他。"
    assert writer.send(f"{page}/numbers", source_text=text).status_code == 303
    numbers = writer.see(f"{page}/numbers?lang=en").text
    assert "第二条 实绩占百分之五十。 " in numbers.replace("\n", " ") + " "
    assert "are assumed" in numbers


@ONE_DATABASE
def test_of_a_draft_with_a_fault_nothing_is_told_that_nobody_changed(
    writer: Desk,
) -> None:
    sent = writer.send(
        "/rules/copies", kind="scheme", key="xining-cadres-2012", to="next"
    )
    page = str(sent.location).removeprefix("/office")
    saved(writer, f"{page}?lang=en", "lines-0-place", **{"lines-0-principal": "40"})
    assert "add up to 90, not 100" in writer.see(f"{page}?lang=en").text

    told = writer.open(f"{page}/difference?lang=en").text

    assert told.count('<th scope="row">') == 1
    assert "Performance of duties (the leading body&#39;s score) › Weight" in told
