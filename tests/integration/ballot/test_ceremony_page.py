"""The ceremony in the office: in both languages, and every link hits its step."""

import re
from xml.etree.ElementTree import Element

import pytest
from flask import Flask

from survey_app.analytics.written_papers import CEREMONY, written_paper
from survey_app.ballot.paper.keys_page import keys_page, keys_page_print
from survey_app.migrate import HOUSE
from tests.conftest import ONE_DATABASE
from tests.support.ballot_desk import Desks
from tests.support.respondents import Shown

LINK = re.compile(r"step_of\((.+?)\) }}")


def test_both_languages_have_the_same_places() -> None:
    zh, en = (written_paper(CEREMONY, language) for language in ("zh", "en"))

    assert [place for place, _ in zh.places] == [place for place, _ in en.places]
    assert [f"step-{n}" for n in range(1, 11)] == [p for p, _ in zh.places[:10]]
    assert "<table" in zh.html
    assert "survey-keys.html" in zh.html


def test_every_page_of_a_ballot_leads_to_a_step_that_is_there() -> None:
    places = {place for place, _ in written_paper(CEREMONY, "zh").places}
    linked = {
        file.stem: set(re.findall(r"\d+", " ".join(LINK.findall(text))))
        for file in (HOUSE / "templates" / "office").rglob("*.html")
        if (text := file.read_text("utf-8"))
    }

    steps = {number for numbers in linked.values() for number in numbers}
    assert steps == {str(n) for n in range(1, 11)} - {"6"}
    assert {f"step-{number}" for number in steps} <= places
    assert sum(bool(numbers) for numbers in linked.values()) >= 14


def told_stages(page: Shown) -> tuple[list[str], str, list[str]]:
    """Return what a ballot's page calls its steps, which is now, and what is past."""
    (bar,) = (one for one in page.all("ol") if one.get("class") == "stages")
    steps = list(bar)
    now = [said(one) for one in steps if one.get("aria-current") == "step"]
    past = [said(one) for one in steps if one.get("class") == "past"]
    (current,) = now
    return [said(one) for one in steps], current, past


def said(element: Element) -> str:
    return "".join(element.itertext()).strip()


@ONE_DATABASE
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_ballot_goes_through_the_steps_of_the_ceremony(
    both: Desks, language: str
) -> None:
    """Under the same names and numbers; what nobody did is not ticked."""
    places = written_paper(CEREMONY, language).places[:10]
    at = f"{both.path}?lang={language}"

    def is_at(number: int) -> None:
        page = both.first.see(at)
        names, now, past = told_stages(page)
        headings = [f"{n}. {name}" for n, name in enumerate(names, 1)]
        for (_, heading), mine in zip(places, headings, strict=True):
            assert re.sub(r"\s*[（(].*", "", heading) == mine
        assert now == names[number - 1]
        assert past == [one for one in names[: number - 1] if one != names[3]]
        links = [one.get("href") for one in page.all("a")]
        assert f"/office/ceremony#step-{number}" in links

    is_at(2)
    codes = both.printed(staff=9)
    is_at(3)
    assert both.first.send(f"{both.path}/open").status_code == 303
    is_at(7)
    both.cast(codes[:7])
    assert both.close(8).status_code == 303
    is_at(9)


@ONE_DATABASE
def test_the_ceremony_is_read_by_everybody_of_the_office(both: Desks) -> None:
    page = both.first.see("/ceremony")
    there = {f"#{one.get('id')}" for one in page.all("h2")}

    assert len(there) > 10
    assert {one.get("href") for one in page.all("a")} >= there
    draft = both.first.see(both.path)
    assert "/office/ceremony#step-2" in [one.get("href") for one in draft.all("a")]
    keys = both.first.see(f"{both.path}/keys")
    assert keys_page_print() in keys.text
    assert any("/survey-keys.html" in (a.get("href") or "") for a in keys.all("a"))


@ONE_DATABASE
@pytest.mark.parametrize("language", ["", "?lang=en"])
def test_everybody_gets_the_same_keys_page(app: Flask, language: str) -> None:
    sent = app.test_client().get(f"/survey-keys.html{language}")

    assert sent.data == keys_page()
    policy = sent.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "connect-src" not in policy
    assert "unsafe" not in policy
