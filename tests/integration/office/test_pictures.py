"""Pictures of the office: what the tables say and no more, with honest lines."""

import json
import re
from collections.abc import Iterator
from fractions import Fraction

import pytest
from flask import Flask
from html5lib import parse
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.web.office.surveys.one_subject import FIGURES
from survey_app.web.office.surveys.pictures import PICTURES
from tests.conftest import ONE_DATABASE
from tests.support.office import READER, Desk, desk
from tests.support.pictured import peopled, year_before
from tests.support.small_county import County, small_county

TOKEN = re.compile(r'name="csrf_token" value="[^"]+"')
NUMBER = re.compile(r"\d+(?:\.\d+)?")
SVG = "{http://www.w3.org/2000/svg}"
TEXTS = ("text", "title")


@pytest.fixture
def county(engine: Engine) -> County:
    return small_county(engine)


@pytest.fixture
def reader(app: Flask, db: Session) -> Desk:
    return desk(app, db, READER)


def texts_in(svg: object) -> Iterator[str]:
    """Yield all that a drawing says, but for its axis and its legend."""
    for one in svg.iter():  # type: ignore[attr-defined]  # an element
        name = str(one.tag).removeprefix(SVG)
        if name in TEXTS and one.get("class") not in ("tick", "key"):
            yield one.text or ""


def explored(reader: Desk, holder: object) -> str:
    """Return what whoever explores the picture is sent; "" of one that stays still."""
    address = str(holder.get("data-figure") or "")  # type: ignore[attr-defined]  # an element
    joint = "&" if "?" in address else "?"
    path = f"{address.removeprefix('/office')}{joint}lang=en"
    return reader.open(path).text if address else ""


def said_by_plotly(text: str) -> Iterator[str]:
    """Yield all that plotly would write or say of a figure, and where it would draw."""
    figure = json.loads(text)
    for trace in figure["data"]:
        yield from trace["customdata"]
        yield from trace.get("text", ())
    yield from (one["text"] for one in figure["layout"]["annotations"])


def stand_at(text: str) -> Iterator[float]:
    """Yield where dots stand in a figure, and where their intervals end."""
    for trace in json.loads(text)["data"]:
        if trace["type"] != "scatter":
            continue
        yield from trace["x"]
        reach = trace.get("error_x", {"array": (), "arrayminus": ()})
        ends = zip(trace["x"], reach["arrayminus"], reach["array"], strict=False)
        for at, below, above in ends:
            yield from (round(at - below, 6), round(at + above, 6))


@ONE_DATABASE
def test_no_number_of_a_picture_is_missing_in_its_table(
    reader: Desk, county: County
) -> None:
    """Whatever is hidden, banded or nobody's: what is drawn or said is in the table."""
    year_before(county)
    county.count("residents", good=40, bad=30)
    county.count("staff", good=30, bad=12)
    bodies = peopled(county, seed=7)
    drawn = 0

    for path in pages(county, [county.subject_id, *bodies]):
        read = reader.open(f"{path}?lang=en")
        assert read.status_code == 200, path
        tree = parse(read.data, namespaceHTMLElements=False)
        known = numbers_of(tree)
        for holder in tree.iter("div"):
            if not str(holder.get("class")).startswith("drawing"):
                continue
            said = [t for svg in holder.iter(f"{SVG}svg") for t in texts_in(svg)]
            figure = explored(reader, holder)
            said += said_by_plotly(figure) if figure else []
            found = {n for text in said for n in NUMBER.findall(text)} - {
                "95",
                "1",
                "3",
            }
            assert found <= known, (path, sorted(found - known))
            places = {float(number) for number in known}
            assert set(stand_at(figure) if figure else ()) <= places, path
            drawn += 1
    assert drawn > 30


def pages(county: County, subjects: list[int]) -> Iterator[str]:
    """Yield the addresses of all pages with pictures."""
    survey = f"/surveys/{county.survey_id}"
    yield f"/cycles/{county.cycle_id}/pictures"
    yield from (f"{survey}/pictures/{picture}" for picture in PICTURES)
    yield from (f"{survey}/results/{subject}" for subject in subjects)


def numbers_of(tree: object) -> set[str]:
    """Return every number of the tables, lists of facts, questions and headings."""
    told = set()
    for kind in ("table", "dl", "h1", "h2", "p", "ol"):
        for one in tree.iter(kind):  # type: ignore[attr-defined]  # an element
            text = " ".join(str(part) for part in one.itertext())
            told.update(NUMBER.findall(text.replace(",", "")))
    return told


def test_a_file_says_what_the_picture_on_its_page_says(
    reader: Desk, county: County
) -> None:
    county.count("residents", good=40, bad=30)
    county.count("staff", good=30, bad=12)
    peopled(county, seed=7)
    addresses = [
        f"/surveys/{county.survey_id}/picture-{picture}.svg"
        for picture in PICTURES
        if not picture.startswith("change")
    ]
    addresses += [
        f"/surveys/{county.survey_id}/results/{county.subject_id}/picture-{figure}.svg"
        for figure in ("place", "answers-overall")
    ]
    addresses.append(f"/cycles/{county.cycle_id}/picture.svg")

    for address in addresses:
        file = reader.open(address)
        assert file.status_code == 200, address
        assert file.mimetype == "image/svg+xml"
        assert "attachment" in file.headers["Content-Disposition"]
        assert "<svg" in file.text
        assert "style" not in file.text
    assert reader.open("/surveys/1/picture-none.svg").status_code == 404
    gone = f"/surveys/{county.survey_id}/results/{county.subject_id}/picture-x.svg"
    assert reader.open(gone).status_code == 404


def change_of(reader: Desk, county: County) -> tuple[str, list[str]]:
    """Return what the table says of 王一's change, and the marks of the picture."""
    path = f"/surveys/{county.survey_id}/pictures/change-score?lang=en"
    tree = parse(reader.open(path).data, namespaceHTMLElements=False)
    (row,) = (
        tr for tr in tree.iter("tr") if "王一" in "".join(map(str, tr.itertext()))
    )
    figure = json.loads(_figure(reader, tree))
    bars = [t["name"] for t in figure["data"] if t["type"] == "bar" and t["name"]]
    return " ".join("".join(map(str, row.itertext())).split()), bars


def _figure(reader: Desk, tree: object) -> str:
    holders = tree.iter("div")  # type: ignore[attr-defined]  # an element
    return next(text for one in holders for text in [explored(reader, one)] if text)


@ONE_DATABASE
def test_a_bar_joins_two_years_only_where_the_same_was_asked(
    reader: Desk, county: County
) -> None:
    county.count("residents", good=90, bad=10)
    county.count("staff", good=60, bad=5)
    county.settle()
    year_before(county)

    said, bars = change_of(reader, county)

    assert said.endswith("beyond chance")
    assert bars == ["change beyond chance"]


@ONE_DATABASE
def test_where_something_else_was_asked_there_is_a_break_and_no_line(
    reader: Desk, county: County
) -> None:
    county.count("residents", good=90, bad=10)
    county.count("staff", good=60, bad=5)
    county.settle()
    year_before(county, asked_otherwise=True)

    said, bars = change_of(reader, county)
    own = f"/surveys/{county.survey_id}/results/{county.subject_id}?lang=en"
    years = reader.open(own).text

    assert said.endswith("≠ asked or scored otherwise: not comparable")
    assert bars == []
    assert years.count("asked or scored otherwise: not comparable") >= 2
    assert "comparable</td>" in years


@ONE_DATABASE
def test_a_place_counts_only_those_whose_score_is_shown(
    reader: Desk, county: County
) -> None:
    county.count("residents", good=40, bad=30)
    county.count("staff", good=30, bad=12)
    peopled(county, seed=3)
    listed = reader.open(f"/surveys/{county.survey_id}/pictures/units-score?lang=en")
    scores = [
        Fraction(found)
        for found in re.findall(r'data-label="Score">(\d+\.\d+)</td>', listed.text)
    ]
    own = reader.open(
        f"/surveys/{county.survey_id}/results/{county.subject_id}?lang=en"
    ).text
    higher, same, lower = map(
        int, re.findall(r"<dd>(\d+) · (\d+) · (\d+)</dd>", own)[0]
    )

    assert len(scores) < 14
    assert higher + same + lower + 1 == len(scores)
    (mine,) = re.findall(r"<dt>Score</dt><dd>(\d+\.\d+)</dd>", own)
    assert higher == sum(score > Fraction(mine) for score in scores)


@ONE_DATABASE
@pytest.mark.parametrize("told", [{"good": 9}, {"bad": 9}, {"good": 4, "bad": 5}])
def test_no_picture_depends_on_what_a_small_group_said(
    reader: Desk, county: County, told: dict[str, int]
) -> None:
    county.count("residents", good=40, bad=3)
    county.count("staff", good=7, bad=2)
    county.settle()
    addresses = [*pages(county, [county.subject_id]), *files(county)]
    before = [TOKEN.sub("", reader.open(path).text) for path in addresses]

    with county.engine.begin() as connection:
        connection.exec_driver_sql(
            "DELETE FROM choice_count WHERE rater_group = 'staff' "  # noqa: S608 -- a number
            f"AND subject_id = {county.subject_id} AND survey_id = {county.survey_id}"
        )
    county.count("staff", **told)
    county.settle()

    after = [TOKEN.sub("", reader.open(path).text) for path in addresses]
    for path, one, other in zip(addresses, before, after, strict=True):
        assert one == other, path


def files(county: County) -> Iterator[str]:
    """Yield the addresses of all files about 王一."""
    survey = f"/surveys/{county.survey_id}"
    about = f"{survey}/results/{county.subject_id}"
    sheet = f"/score-sheets/{county.cycle_id}/{county.subject_id}"
    for kind in ("svg", "json"):
        yield from (f"{survey}/picture-{picture}.{kind}" for picture in PICTURES)
        yield from (
            f"{about}/picture-{f}.{kind}" for f in (*FIGURES, "answers-overall")
        )
        yield f"{sheet}/waterfall.{kind}"
