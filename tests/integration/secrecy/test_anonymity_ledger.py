"""The ledger in docs/anonymity.md and the tables say the same."""

import re
from pathlib import Path

from sqlalchemy import Engine, inspect, text
from sqlalchemy.orm import Session

from survey_app.all_tables import metadata
from survey_app.ballot.tables import metadata as ballot_metadata

LEDGER = Path(__file__).resolve().parents[3] / "docs" / "anonymity.md"
ABOUT_RESPONDENTS = {
    "ballot_count", "call_count", "channel_flag", "channel_rush", "choice_count",
    "comment", "comment_review", "flood_minute", "flood_sum",
    "intake_gate", "kept_alert", "kept_result", "raised_alerts",
    "receipt", "response", "through_count", "told_call", "turnout_count",
    "typed_copy",
}  # fmt: skip
ABOUT_THE_OFFICE = {
    "account", "account_name", "account_role", "account_survey", "alembic_version",
    "alert", "alert_act", "compared_scheme", "rule_notes", "rule_text",
    "attachment", "attachment_part", "audit_commitment", "cadre", "channel",
    "comment_themes",
    "correction", "cycle", "cycle_subject", "expected_raters", "given_adjustment",
    "given_password", "given_value", "job", "kept_file", "kept_part", "kept_sheet",
    "key_holder", "named_rating", "objection", "paper_stack", "publication_plan",
    "rated_subject", "record", "record_head", "recovery_code", "replaced_value",
    "second_factor", "settled_subject", "sign_in", "sign_in_tries", "stale_sheet",
    "subject", "survey", "survey_act", "survey_subject", "unit",
}  # fmt: skip


def listed_columns() -> set[str]:
    return set(re.findall(r"^\| (\w+\.\w+) \|", LEDGER.read_text("utf-8"), re.M))


def stored_columns(engine: Engine) -> set[str]:
    tables = inspect(engine)
    return {
        f"{table}.{column['name']}"
        for table in tables.get_table_names()
        if table not in ABOUT_THE_OFFICE
        for column in tables.get_columns(table)
    }


def test_every_column_an_answer_touches_is_in_the_ledger(
    engine: Engine, ballots: Engine
) -> None:
    assert stored_columns(engine) | stored_columns(ballots) == listed_columns()


def test_the_ballot_database_shares_no_table_with_the_main_one() -> None:
    assert not set(metadata.tables) & set(ballot_metadata.tables)


def test_every_table_is_about_respondents_or_about_the_office() -> None:
    assert set(metadata.tables) == (ABOUT_RESPONDENTS | ABOUT_THE_OFFICE) - {
        "alembic_version"
    }


def test_sqlite_keeps_no_hidden_order_of_arrival(engine: Engine, db: Session) -> None:
    if engine.dialect.name != "sqlite":
        return
    for table in ABOUT_RESPONDENTS:
        made = db.scalar(
            text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table}
        )
        assert "WITHOUT ROWID" in (made or ""), table


def test_no_table_about_respondents_knows_an_instant(engine: Engine) -> None:
    for table in ABOUT_RESPONDENTS:
        for column in inspect(engine).get_columns(table):
            assert "TIME" not in str(column["type"]).upper(), (table, column["name"])
