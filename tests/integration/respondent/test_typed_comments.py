"""What is kept of a comment: what is seen of it, and nothing cut in silence."""

from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from survey_app.ballot.paper.ballot import read_comment
from survey_app.ballot.sealing.envelope import unseal
from survey_app.ballot.tickets import NEW, USED
from survey_app.forms.sent_fields import CONTENT_TYPE
from tests.conftest import rows_in
from tests.support.holder_keys import holder_keys
from tests.support.open_box import Box, Voter, unissued_code
from tests.support.respondents import Respondent, ask_about, shown

UNSEEN = "\u200b\u2060\u3164\u2800\u202e\U000e0041\ufe0f \u3000\n"
MARKED = f"很{UNSEEN[:6]}好\u202e，继续\u3000努力\u3164"
FAMILY = "👨\u200d👩\u200d👧\u200d👦"


@pytest.fixture
def respondent(client: FlaskClient, db: Session) -> Respondent:
    return Respondent(client, ask_about(db).code)


def said(voter: Voter, box: Box) -> tuple[int, str] | None:
    """Return the comment in the box, opened with both keys."""
    _, _, sealed = box.row(voter.code)
    return read_comment(box.form, unseal(sealed, holder_keys(), aad=box.form.aad))


def test_of_an_open_answer_what_is_seen_is_kept(
    respondent: Respondent, db: Session
) -> None:
    respondent.answer(comment=MARKED)
    respondent.answer(comment=UNSEEN)
    respondent.answer(comment=FAMILY * 300)

    kept = db.scalars(text("SELECT text FROM comment")).all()
    assert sorted(kept) == sorted(["很好，继续 努力", FAMILY * 300])
    assert rows_in(db, "response") == 3


def test_of_a_ballot_what_is_seen_is_sealed(voter: Voter, box: Box) -> None:
    about = box.form.subject_ids[1]

    sent = voter.send({**box.answers(), "comment": MARKED, "about": str(about)})

    assert sent.status_code == 200
    assert said(voter, box) == (about, "很好，继续 努力")


def test_what_nobody_sees_is_no_comment_on_a_ballot(voter: Voter, box: Box) -> None:
    sent = voter.send({**box.answers(), "comment": UNSEEN})

    assert sent.status_code == 200
    assert said(voter, box) is None


@pytest.mark.parametrize(
    "fits", ["字" * 300, '"\n' * 150, "e\u0301" * 300, "བོ" * 300, "👍" * 300]
)
def test_three_hundred_plain_characters_fit_into_an_envelope(
    voter: Voter, box: Box, fits: str
) -> None:
    about = box.form.subject_ids[0]

    sent = voter.send({**box.answers(), "comment": f"{fits}", "about": str(about)})

    assert sent.status_code == 200
    assert box.row(voter.code)[0] == USED


def test_one_character_more_is_told_and_nothing_is_sealed(
    voter: Voter, box: Box
) -> None:
    about = str(box.form.subject_ids[0])

    sent = voter.send({**box.answers(), "comment": "字" * 301, "about": about})

    assert sent.status_code == 422
    assert box.row(voter.code)[0] == NEW


def test_what_finds_no_room_in_an_envelope_is_told_and_not_cut(
    voter: Voter, box: Box
) -> None:
    about = str(box.form.subject_ids[0])

    sent = voter.send(
        {**box.answers(), "comment": FAMILY * 100, "about": about}, "?lang=en"
    )

    page = shown(sent)
    assert sent.status_code == 422
    assert "The last 20 find no room" in page.described(page.all("textarea")[0])
    assert page.comment.strip() == FAMILY * 100
    assert len(page.picked) == len(box.answers())
    assert page.all("textarea")[0].get("maxlength") is None
    assert box.row(voter.code)[0] == NEW
    shorter = {**box.answers(), "comment": FAMILY * 80, "about": about}
    assert voter.send(shorter).status_code == 200


@pytest.mark.parametrize("redraw", [{}, {"redraw": "1"}], ids=["sent", "look"])
@pytest.mark.parametrize(
    ("comment", "status", "says"),
    [
        (b"a%FFb", 422, "arrived damaged"),
        (b"%E5%AD%97" * 30_000, 413, "only its beginning arrived"),
    ],
    ids=["damaged", "endless"],
)
def test_what_is_wrong_with_a_comment_takes_nothing_from_a_ballot(
    voter: Voter,
    box: Box,
    comment: bytes,
    status: int,
    says: str,
    redraw: dict[str, str],
) -> None:
    form = {"code": voter.code, **redraw, **box.answers()}
    body = urlencode(form).encode() + b"&comment=" + comment

    sent = voter.client.post("/b?lang=en", data=body, content_type=CONTENT_TYPE)

    page = shown(sent)
    assert sent.status_code == status
    assert says in page.described(page.all("textarea")[0])
    assert len(page.picked) == len(box.answers())
    assert box.row(voter.code)[0] == NEW


def test_another_look_keeps_a_half_typed_code_and_asks_no_database(
    client: FlaskClient, ballots: Engine
) -> None:
    whole = unissued_code()
    for typed in ("3KXF9-", whole):
        page = shown(client.post("/b?size=large", data={"code": typed, "redraw": "1"}))

        assert page.tree.get("class") == "large"
        assert page.named("code")[0].get("value") == typed
        assert {b.get("form") for b in page.named("redraw")} == {
            page.all("form")[0].get("id")
        }


def test_another_look_keeps_a_half_typed_receipt(client: FlaskClient) -> None:
    sent = client.post("/b/receipt?size=large", data={"tracker": "7K-", "redraw": "1"})

    page = shown(sent)
    assert (sent.status_code, page.tree.get("class")) == (200, "large")
    assert page.named("tracker")[0].get("value") == "7K-"
    assert {b.get("form") for b in page.named("redraw")} == {
        page.all("form")[0].get("id")
    }


def test_what_arrived_damaged_is_shown_also_where_nothing_could_be_asked(
    respondent: Respondent, client: FlaskClient, db: Session
) -> None:
    db.execute(text("ALTER TABLE channel RENAME TO away"))
    db.commit()

    sent = client.post(
        f"/s/{respondent.code}?lang=en",
        data=b"welcome=good&comment=a%FFb",
        content_type=CONTENT_TYPE,
    )

    page = shown(sent)
    assert sent.status_code == 503
    assert "arrived damaged" in page.described(page.all("textarea")[0])
    assert page.comment.strip() == "a\ufffdb"
    assert [e.get("value") for e in page.named("welcome")] == ["good"]
