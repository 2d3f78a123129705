"""The list of questionnaires costs the same, however many versions there are."""

from datetime import date

from flask import Flask
from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from survey_app.rulebook.tables import RuleText
from survey_app.shipped_files import QUESTIONNAIRES
from tests.support.office import Desk, desk
from tests.support.statements import counted

MOST = 9
TEXT = (QUESTIONNAIRES / "mutual-evaluation.toml").read_text("utf-8")
ROW = {
    "kind": "questionnaire", "state": "withdrawn", "text": TEXT, "fingerprint": "x",
    "title_zh": "", "title_en": "", "saved": 0, "made_by": "an",
    "made_on": date(2026, 5, 1), "changed_by": "", "ready_by": "an",
    "withdrawn_by": "an",
}  # fmt: skip


def cost(engine: Engine, designer: Desk) -> int:
    with counted(engine) as sent:
        designer.see("/rules")
    return len(sent)


def test_a_long_list_asks_no_more_than_a_short_one(
    app: Flask, db: Session, engine: Engine
) -> None:
    designer = desk(app, db, "designer")
    rows = [ROW | {"key": f"k{n % 9}", "version": n} for n in range(1, 91)]
    db.execute(insert(RuleText), rows[:1])
    db.commit()
    few = cost(engine, designer)
    db.execute(insert(RuleText), rows[1:])
    db.commit()

    assert cost(engine, designer) == few <= MOST
