"""A long list is searched, filtered, ordered and cut; its address says all of it."""

import re

import pytest
from flask import Flask, render_template_string
from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from survey_app.analytics.paging import ListAsked, ListColumns, ListPage, page_of
from survey_app.appraisal.people import Unit
from survey_app.appraisal.scope import Scope
from survey_app.web.office.listing import Listing, listing
from tests.support.statements import counted

COLUMNS = ListColumns(
    always=(Unit.code,),
    search=(Unit.name, Unit.code),
    unit_code=Unit.code,
    unit_name=Unit.name,
    orders={"name": Unit.name, "above": Unit.parent_id},
)
NOBODYS = Scope(tops=frozenset())
"""What whoever is not signed in may look at: nothing."""
LIST = """{% from "office/listing.html" import pager, search_form, sort_head %}
{{ search_form(listing, page, "Units") }}<table><thead><tr>
{{ sort_head(listing, "name", "Name") }}</tr></thead></table>
{{ pager(listing, page, "Units") }}"""


def some_units(db: Session, *names: str) -> None:
    db.execute(
        insert(Unit),
        [{"code": f"U{n:04}", "name": name} for n, name in enumerate(names)],
    )
    db.commit()


def page(db: Session, **asked: object) -> ListPage[str]:
    found = page_of(db, select(Unit.name), COLUMNS, ListAsked(**asked))  # type: ignore[arg-type]
    return found.of(lambda row: str(row.name))


def test_a_page_is_cut_and_counted(db: Session) -> None:
    some_units(db, *(f"单位{n}" for n in range(120)))

    last = page(db, page=3)

    assert (last.found, last.every, last.pages) == (120, 120, 3)
    assert (last.first, last.last, len(last.rows)) == (101, 120, 20)
    assert last.rows[0] == "单位100"
    assert page(db, page=99).number == 3
    assert page(db, search="nowhere").first == 0


def test_signs_of_a_search_mean_themselves(db: Session) -> None:
    some_units(db, "a%b", "axb", "a_b", "A\\B", "a/b")

    assert page(db, search="A%").rows == ("a%b",)
    assert page(db, search="_").rows == ("a_b",)
    assert page(db, search="\\").rows == ("A\\B",)
    assert page(db, search="/").rows == ("a/b",)
    assert page(db, search="u0003").rows == ("A\\B",)


def test_every_word_must_be_found_and_a_unit_by_code_or_name(db: Session) -> None:
    some_units(db, "清河镇财政局", "清河镇教育局", "柳林镇财政局")

    assert page(db, search="财政 清河").rows == ("清河镇财政局",)
    assert page(db, unit="U0002").rows == ("柳林镇财政局",)
    assert page(db, unit="清河").found == 2


def test_what_has_no_value_comes_last_up_and_down(db: Session) -> None:
    some_units(db, "a", "b", "c", "d")
    top = db.scalars(select(Unit.id).order_by(Unit.code)).all()
    for code, above in (("U0001", top[3]), ("U0003", top[0])):
        db.query(Unit).filter_by(code=code).update({"parent_id": above})
    db.commit()

    assert page(db, sort="above").rows == ("d", "b", "a", "c")
    assert page(db, sort="above", down=True).rows == ("b", "d", "a", "c")


def test_a_page_costs_two_statements_however_long_the_list(
    db: Session, engine: Engine
) -> None:
    some_units(db, *(f"单位{n}" for n in range(400)))

    with counted(engine) as sent, Session(engine) as session:
        page(session, search="单位", page=3)

    assert sum(one.startswith("SELECT") for one in sent) == 2


def asked(app: Flask, query: str, *orders: str) -> Listing:
    with app.test_request_context(f"/office/surveys?{query}"):
        return listing(*orders)


def test_the_address_says_what_is_asked(app: Flask) -> None:
    query = "q=张%20三&unit=U1&sort=score&down=1&page=4"
    found = asked(app, query, "score").asked

    assert found == ListAsked("张 三", "U1", "score", down=True, page=4, scope=NOBODYS)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "query",
    [
        "page=0", "page=-1", "page=x", "page=１", "page=9999999", "page=1.5",
        "sort=oops", "sort=Score", "down=yes", f"q={'x' * 81}", f"unit={'x' * 81}",
    ],
)  # fmt: skip
def test_what_cannot_be_followed_is_said(app: Flask, query: str) -> None:
    found = asked(app, query, "score")

    assert found.asked == ListAsked(scope=NOBODYS)
    assert len(found.notes) == 1


def test_unseen_signs_are_no_part_of_a_search(app: Flask) -> None:
    assert asked(app, "q=%00a%E2%80%8Bb%EF%BC%A1").asked.search == "abA"


def drawn(app: Flask, query: str, every: int = 1200, found: int = 1200) -> str:
    rows = tuple(str(n) for n in range(50))
    with app.test_request_context(f"/office/surveys?{query}"):
        asks = listing("name", "score", keep=("group",))
        shown: ListPage[str] = ListPage(rows, asks.asked.page, found, every)
        return render_template_string(LIST, listing=asks, page=shown)


def test_links_and_form_keep_the_state(app: Flask) -> None:
    text = drawn(app, "q=a%26b&unit=U1&sort=name&page=3&group=staff&stray=1&lang=en")

    links = re.findall(r'href="([^"]*)"', text)
    state = "group=staff&amp;q=a%26b&amp;unit=U1&amp;sort=name"
    assert f"/office/surveys?{state}&amp;page=4" in links
    assert f"/office/surveys?{state}&amp;page=2" in links
    assert f"/office/surveys?{state}&amp;down=1" in links
    assert "/office/surveys?group=staff&amp;sort=name" in links
    assert "stray" not in text
    assert '<th scope="col" class="sorts" aria-sort="ascending">' in text
    assert '<input type="hidden" name="sort" value="name">' in text
    assert 'value="a&amp;b"' in text


def test_what_stands_here_is_counted(app: Flask) -> None:
    assert "101–150 of 1,200" in drawn(app, "page=3&lang=en")
    assert "1–50 of 70 found among 1,200" in drawn(app, "q=a&lang=en", found=70)
