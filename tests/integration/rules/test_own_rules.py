"""The office's own questionnaires and schemes: begun, made ready, chosen, withdrawn."""

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.cli.main import main
from survey_app.domain.ground.refusals import NotFound
from survey_app.rulebook import acts as verbs
from survey_app.rulebook.offered import OfferedRules, offered
from survey_app.rulebook.tables import RuleText
from survey_app.shipped_files import QUESTIONNAIRES, RuleFiles
from tests.support.office import Desk, desk

MUTUAL = "mutual-evaluation"
FILE = (QUESTIONNAIRES / f"{MUTUAL}.toml").read_text("utf-8")


@pytest.fixture
def writer(app: Flask, db: Session) -> Desk:
    return desk(app, db, "designer")


def begun(writer: Desk, to: str, key: str = MUTUAL, **more: object) -> str:
    sent = writer.send("/rules/copies", kind="questionnaire", key=key, to=to, **more)
    assert sent.status_code == 303, sent.text
    return str(sent.location).removeprefix("/office")


def row_at(db: Session, page: str) -> RuleText:
    """Return the row as it is now; the session holds nothing fast afterwards."""
    db.expunge_all()
    row = db.get_one(RuleText, int(page.rpartition("/")[2]))
    db.expunge(row)
    db.rollback()
    return row


def now(db: Session) -> OfferedRules:
    """Return what can be chosen now."""
    found = offered(db, RuleFiles())
    db.rollback()
    return found


def ready(db: Session, writer: Desk, page: str) -> None:
    seen = row_at(db, page).saved
    assert writer.send(f"{page}/ready", seen=seen).status_code == 303


def test_a_copy_becomes_its_own_and_is_offered_once_it_is_ready(
    db: Session, writer: Desk
) -> None:
    page = begun(writer, "copy")
    row = row_at(db, page)
    assert (row.key, row.version, row.state) == ("mutual-evaluation-2", 1, "draft")
    assert row.text == FILE.replace(f'key = "{MUTUAL}"', 'key = "mutual-evaluation-2"')
    with pytest.raises(NotFound):
        now(db).questionnaire("mutual-evaluation-2")

    ready(db, writer, page)

    chosen = now(db).questionnaire("mutual-evaluation-2")
    assert chosen.title.zh == "部门（单位）互评表"
    assert row_at(db, page).fingerprint == chosen.fingerprint
    assert "mutual-evaluation-2" in writer.see("/rules").text


def test_a_next_version_takes_the_place_of_the_file_until_it_is_withdrawn(
    db: Session, writer: Desk
) -> None:
    page = begun(writer, "next")
    assert row_at(db, page).version == 2
    ready(db, writer, page)
    assert now(db).questionnaire(MUTUAL).version == 2
    assert "offered now" in writer.see("/rules?lang=en").text

    assert "never offered again" in writer.see(f"{page}/withdrawal?lang=en").text
    assert writer.send(f"{page}/withdrawal").status_code == 303

    assert now(db).questionnaire(MUTUAL).version == 1
    assert row_at(db, page).withdrawn_by == "the designer"
    assert writer.send(f"{page}/withdrawal").status_code == 409
    assert row_at(db, begun(writer, "next", rule=row_at(db, page).id)).version == 3


def test_one_draft_of_a_key_at_a_time_and_what_is_ready_stays(
    db: Session, writer: Desk
) -> None:
    page = begun(writer, "next")
    sent = writer.send("/rules/copies", kind="questionnaire", key=MUTUAL, to="next")
    assert sent.status_code == 409
    ready(db, writer, page)
    assert writer.send(f"{page}/ready", seen=0).status_code == 409
    assert writer.send(f"{page}/deletion").status_code == 409


def test_a_file_goes_down_and_up_letter_for_letter(
    db: Session, writer: Desk, tmp_path: Path
) -> None:
    text = FILE.replace(MUTUAL, "our-own").replace("\nversion = 1", "\nversion = 7")
    sent = writer.send(
        "/rules/files", kind="questionnaire", file=(BytesIO(text.encode()), "a.toml")
    )
    page = str(sent.location).removeprefix("/office")
    assert (row_at(db, page).key, row_at(db, page).version) == ("our-own", 7)
    down = writer.open(f"{page}/file")
    assert down.data.decode() == text
    assert "our-own-7.toml" in down.headers["Content-Disposition"]
    handed = tmp_path / "our-own-7.toml"
    handed.write_bytes(down.data)
    checked = CliRunner().invoke(main, ["questionnaire", "check", str(handed)])
    assert checked.exit_code == 0, checked.output
    assert writer.send(f"{page}/deletion").status_code == 303
    again = writer.send(
        "/rules/files", kind="questionnaire", file=(BytesIO(down.data), handed.name)
    )
    page = str(again.location).removeprefix("/office")
    assert (row_at(db, page).key, row_at(db, page).text) == ("our-own", text)
    shipped = writer.open(f"/rules/offered/questionnaire/{MUTUAL}/file")
    assert shipped.data.decode() == FILE


def test_a_faulty_file_is_kept_as_a_draft_and_says_all_that_is_wrong(
    db: Session, writer: Desk
) -> None:
    faulty = FILE.replace('choices = "four_levels"', 'choices = "none"', 2)
    sent = writer.send(
        "/rules/files", kind="questionnaire", file=(BytesIO(faulty.encode()), "a.toml")
    )
    page = str(sent.location).removeprefix("/office")
    told = writer.see(f"{page}?lang=en").text
    assert told.count("Choose what may be answered.") >= 2
    assert writer.send(f"{page}/ready", seen=0).status_code == 422
    assert row_at(db, page).state == "draft"
    assert writer.send(f"{page}/deletion").status_code == 303
    assert db.scalars(select(RuleText)).all() == []


def test_what_is_no_toml_is_refused_with_its_line(writer: Desk) -> None:
    sent = writer.send(
        "/rules/files?lang=en", kind="questionnaire", file=(BytesIO(b"a = \n"), "a")
    )
    assert sent.status_code == 422
    assert "line 1" in sent.text
    sent = writer.send(
        "/rules/files?lang=en", kind="scheme", file=(BytesIO(b"\xff\xfe"), "a")
    )
    assert sent.status_code == 422


def test_schemes_are_copied_and_chosen_by_cycles_in_the_same_way(
    app: Flask, db: Session
) -> None:
    decider = desk(app, db, "decider")
    sent = decider.send("/rules/copies", kind="scheme", key="one-third", to="copy")
    page = str(sent.location).removeprefix("/office")
    ready(db, decider, page)
    assert "one-third-2" in decider.see("/cycles/new").text
    made = decider.send("/cycles/new", name="2026", scheme="one-third-2")
    assert made.status_code == 303


def test_a_next_version_tells_what_changed_since_the_one_before(
    db: Session, writer: Desk
) -> None:
    page = begun(writer, "next")
    assert "Nothing differs" in writer.see(f"{page}/difference?lang=en").text
    row = row_at(db, page)
    changed = row.text.replace("工作作风", "工作作风好坏")
    verbs.save_draft(
        db, row.id, verbs.Written(row.key, row.version, changed, row.title),
        verbs.RuleHand("an", date(2026, 5, 1)), seen=0,
    )  # fmt: skip
    told = writer.see(f"{page}/difference?lang=en").text
    assert "Question 4 is reworded" in told
    assert "compared with the one supplied as a file" in told
    assert writer.open(f"{page}/difference?with=99").status_code == 404


def test_schemes_are_compared_by_their_lines_or_by_what_tells_them(
    app: Flask, db: Session
) -> None:
    decider = desk(app, db, "decider")
    sent = decider.send("/rules/copies", kind="scheme", key="one-third", to="next")
    page = str(sent.location).removeprefix("/office")
    assert decider.open(f"{page}/difference").status_code == 200


def test_schemes_that_a_new_version_does_not_fit_are_named_at_once(
    db: Session, writer: Desk
) -> None:
    page = begun(writer, "next", "leading-body-evaluation")
    row = row_at(db, page)
    changed = row.text.replace('key = "poor"', 'key = "worse"')
    verbs.save_draft(
        db, row.id, verbs.Written(row.key, row.version, changed, row.title),
        verbs.RuleHand("an", date(2026, 5, 1)), seen=0,
    )  # fmt: skip
    ready(db, writer, page)
    assert "以下方案与本问卷不符，暂不供选用：" in writer.see(page).text
