"""What a respondent meets: the page, the page that came back, and thanks."""

import base64
import gzip
import hashlib
import html

import pytest
from flask import Flask, render_template
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import rows_in
from tests.support.respondents import GOOD, Plan, Respondent, ask_about, shown

LOOKS = ["", "?lang=en", "?size=large", "?lang=en&size=large"]


@pytest.fixture
def respondent(client: FlaskClient, db: Session) -> Respondent:
    return Respondent(client, ask_about(db).code)


@pytest.fixture
def choosing(client: FlaskClient, db: Session) -> Respondent:
    """Somebody who must say first who is rated."""
    return Respondent(client, ask_about(db, Plan(units=["青山镇", "柳河镇"])).code)


def test_the_page_names_who_is_rated_and_asks_everything(
    respondent: Respondent,
) -> None:
    page = respondent.scan()

    assert "群众满意度调查" in page.title
    assert "青山镇" in page.text
    assert [len(page.named(key)) for key in GOOD] == [3, 3]
    assert all(group.find("legend") is not None for group in page.all("fieldset"))


def test_nothing_is_picked_before_somebody_picks_it(respondent: Respondent) -> None:
    page = respondent.scan()

    assert page.picked == {}
    assert page.comment.strip() == ""
    assert page.all("form")[0].get("autocomplete") == "off"


def test_every_choice_is_a_native_radio_inside_its_label(
    respondent: Respondent,
) -> None:
    labels = [e for e in respondent.scan().all("label") if e.get("class") == "choice"]

    assert len(labels) == 6
    assert all(label[0].get("type") == "radio" for label in labels)
    assert [label[0].get("value") for label in labels[:3]] == [
        "good", "bad", "dont_know",
    ]  # fmt: skip


def test_upper_case_addresses_from_the_qr_code_work(respondent: Respondent) -> None:
    page = shown(respondent.client.get(f"/S/{respondent.code}"))
    sent = respondent.client.post(
        f"/S/{respondent.code}", data={**GOOD, "submission": page.submission}
    )

    assert sent.status_code == 303


def test_a_code_is_forgiven_small_letters_and_spaces(respondent: Respondent) -> None:
    typed = f" {respondent.code[:4].lower()} {respondent.code[4:]}"

    found = respondent.client.get("/s", query_string={"code": typed})

    assert found.status_code == 303
    assert found.location == f"/s/{respondent.code}"


@pytest.mark.parametrize("look", LOOKS)
def test_a_look_is_kept_from_page_to_page(respondent: Respondent, look: str) -> None:
    page = respondent.scan(look)
    action = page.all("form")[0].get("action", "")
    sent = respondent.send({**GOOD, "submission": page.submission}, look)

    assert action == (look or "?")
    assert sent.location is not None
    assert sent.location.partition("?")[1:] == (look[:1], look[1:])


@pytest.mark.parametrize("look", LOOKS)
def test_language_and_size_are_one_tap_away(respondent: Respondent, look: str) -> None:
    page = respondent.scan(look)
    buttons = page.named("redraw")

    language, size = "lang=en" in look, "size=large" in look
    assert {button.get("formaction") for button in buttons} == {
        address(not language, size), address(language, not size),
    }  # fmt: skip
    assert {button.get("form") for button in buttons} == {page.all("form")[0].get("id")}


def address(english: bool, large: bool) -> str:  # noqa: FBT001 -- two bits, both named
    asked = ["lang=en"] * english + ["size=large"] * large
    return "?" + "&".join(asked)


@pytest.mark.parametrize(("look", "language"), [("", "zh-CN"), ("?lang=en", "en")])
def test_the_page_says_which_language_it_speaks(
    respondent: Respondent, look: str, language: str
) -> None:
    root = respondent.scan(look).tree

    assert root.get("lang") == language


def test_in_english_everything_but_names_is_english(respondent: Respondent) -> None:
    text = respondent.scan("?lang=en").text

    assert "Question 2 of 2" in text
    assert "Dissatisfied" in text
    assert "Your name, telephone number" in text
    assert "Two people read comments in the original." in text
    assert "Do not write anything only you could know; your way of writing" in text


def test_every_serving_carries_another_submission_id(respondent: Respondent) -> None:
    ids = {respondent.scan().submission for _ in range(20)}

    assert len(ids) == 20


def test_the_compressed_page_is_the_same_page(respondent: Respondent) -> None:
    packed = respondent.client.get(
        f"/s/{respondent.code}", headers={"Accept-Encoding": "br, gzip"}
    )
    plain = respondent.client.get(f"/s/{respondent.code}")

    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.vary.as_set() == plain.vary.as_set() == {"accept-encoding"}
    assert len(gzip.decompress(packed.data)) == len(plain.data)


@pytest.mark.parametrize(
    ("understood", "encoding"),
    [
        ("GZIP;q=0.5, br", "gzip"),
        ("gzip;q=0.1", "gzip"),
        ("gzip;q=0", None),
        ("gzip; q=0.00, br", None),
        ("identity", None),
    ],
)
def test_a_page_is_compressed_only_where_that_is_understood(
    client: FlaskClient, understood: str, encoding: str | None
) -> None:
    answer = client.get("/", headers={"Accept-Encoding": understood})

    assert answer.headers.get("Content-Encoding") == encoding


def test_nothing_on_a_page_comes_from_elsewhere(
    app: Flask, respondent: Respondent
) -> None:
    answer = respondent.client.get(f"/s/{respondent.code}")
    page = shown(answer)
    policy = answer.headers["Content-Security-Policy"]

    assert page.all("img") == page.all("iframe") == []
    scripts = page.all("script")
    assert [dict(script.items()) for script in scripts] == [{}, {}]
    with app.app_context():
        rare = [render_template(f"respondent/{one}.js") for one in ("rules", "kinds")]
    hashes = [
        hashlib.sha256(s.encode()) for s in (*(s.text or "" for s in scripts), *rare)
    ]
    allowed = [f"'sha256-{base64.b64encode(h.digest()).decode()}'" for h in hashes]
    assert f"script-src {' '.join(allowed)};" in policy
    assert [link.get("href") for link in page.all("link")] == ["data:,"]
    assert "default-src 'none'" in policy
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_sent_answer_is_thanked_for_with_a_receipt(
    respondent: Respondent, db: Session
) -> None:
    sent = respondent.answer(comment="谢谢")
    thanks = respondent.client.get(sent.location or "")

    assert (sent.status_code, thanks.status_code) == (303, 200)
    assert (sent.location or "").removeprefix("/r/") in shown(thanks).text
    assert [rows_in(db, t) for t in ("response", "receipt", "comment")] == [1, 1, 1]


def test_a_missing_answer_brings_the_page_back_with_the_gap_named(
    respondent: Respondent, db: Session
) -> None:
    submission = respondent.scan().submission

    sent = respondent.send(
        {"welcome": "bad", "comment": "还在", "submission": submission}, "?lang=en"
    )

    page = shown(sent)
    assert sent.status_code == 422
    assert page.gaps == ["solved"]
    assert page.described(page.all("fieldset")[1]) == "Choose one answer."
    assert page.title.startswith("Please check – ")
    assert page.picked == {"welcome": "bad"}
    assert (page.comment.strip(), page.submission) == ("还在", submission)
    assert rows_in(db, "response") == 0


def test_the_first_gap_has_the_focus_and_the_head_links_to_every_gap(
    respondent: Respondent,
) -> None:
    page = shown(respondent.send({"submission": respondent.scan().submission}))

    focused = [e for e in page.tree.iter() if e.get("autofocus") is not None]
    assert [(e.get("name"), e.get("value")) for e in focused] == [("welcome", "good")]
    links = [a.get("href", "") for a in page.all("a") if a.get("href", "") != "?"]
    assert links == ["#f-welcome", "#f-solved"]
    ids = {e.get("id") for e in page.tree.iter()}
    assert all(link.removeprefix("#") in ids for link in links)


def test_a_page_that_came_back_can_be_completed(
    respondent: Respondent, db: Session
) -> None:
    first = respondent.send({"submission": respondent.scan().submission})

    again = respondent.send({**GOOD, "submission": shown(first).submission})

    assert again.status_code == 303
    assert rows_in(db, "response") == 1


def test_changing_the_look_loses_nothing(respondent: Respondent, db: Session) -> None:
    submission = respondent.scan().submission
    form = {"welcome": "bad", "comment": "还在", "submission": submission}

    redrawn = respondent.send({**form, "redraw": "1"}, "?size=large")

    page = shown(redrawn)
    assert redrawn.status_code == 200
    assert page.tree.get("class") == "large"
    assert page.picked == {"welcome": "bad"}
    assert (page.comment.strip(), page.submission) == ("还在", submission)
    assert (page.gaps, rows_in(db, "response")) == ([], 0)


def test_of_several_subjects_one_is_chosen_first(
    choosing: Respondent, db: Session
) -> None:
    page = choosing.scan()
    subjects = [e.get("value") or "" for e in page.named("subject")]

    without = choosing.send({**GOOD, "submission": page.submission})
    chosen = choosing.send(
        {**GOOD, "submission": page.submission, "subject": subjects[1]}
    )

    assert shown(without).gaps == ["subject"]
    assert chosen.status_code == 303
    kept = db.connection().exec_driver_sql("SELECT subject_id FROM response").all()
    assert kept == [(int(subjects[1]),)]


def test_what_was_typed_cannot_become_part_of_the_page(
    respondent: Respondent,
) -> None:
    typed = '</textarea><script>x</script>"'
    scripts = len(respondent.scan().all("script"))

    sent = respondent.send({"comment": typed, "welcome": '"><b>'})

    assert len(shown(sent).all("script")) == scripts + 1, "that of a page come back"
    assert shown(sent).comment.strip() == typed
    assert html.escape(typed, quote=False) in sent.text.replace("&#34;", '"')


def test_the_start_page_takes_a_code_and_keeps_the_look(client: FlaskClient) -> None:
    page = shown(client.get("/?lang=en&size=large"))
    form = page.all("form")[0]

    without = client.get("/s?lang=en")

    assert (form.get("action"), form.get("method")) == (
        "/s?lang=en&size=large",
        "post",
    )
    assert without.location == "/?lang=en"
