"""Answers are written as short texts of one length and counted when a survey closes.

What was answered before is written anew. A text that is not what its questionnaire asks
stays as it is: it was changed by somebody, and `survey check` says so.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

SYMBOLS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
MANY = 10_000
"""Rows that are written anew at a time."""
NOT_COUNTED = (
    "survey_id IN (SELECT id FROM survey WHERE mode = 'open' "
    "AND state IN ('open', 'rehearsal', 'closing'))"
)
Rewrite = Callable[[str], str]


def upgrade() -> None:
    """Make the gates, and write every answer anew."""
    op.add_column("survey", sa.Column("slots", sa.String(), nullable=True))
    op.create_table(
        "intake_gate",
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("survey_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("slot", "survey_id", name=op.f("pk_intake_gate")),
        sqlite_with_rowid=False,
    )
    _replace(("slot", "survey_id", "id"), _text_of)
    op.execute(f"DELETE FROM choice_count WHERE {NOT_COUNTED}")  # noqa: S608 -- of this file


def downgrade() -> None:
    """Write JSON again; counters of surveys that are open are gone."""
    _replace(("slot", "id"), _json_of)
    op.drop_table("intake_gate")
    op.drop_column("survey", "slots")


def _replace(key: tuple[str, ...], rewrite: Callable[[Any], Rewrite]) -> None:
    """Put a table with this key in the place of the old one."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":  # names of indexes are its schema's
        op.execute("ALTER INDEX pk_response RENAME TO pk_response_old")
    made = op.create_table(
        "response_anew",
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("survey_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("answers", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_response")),
        sqlite_with_rowid=False,
    )
    surveys = connection.execute(sa.text("SELECT id, questionnaire FROM survey")).all()
    ways = {survey_id: rewrite(json.loads(asked)) for survey_id, asked in surveys}
    for rows in _chunks(connection):
        connection.execute(
            made.insert(),
            [
                {**row, "answers": ways.get(row["survey_id"], str)(row["answers"])}
                for row in rows
            ],
        )
    op.drop_table("response")
    op.rename_table("response_anew", "response")


def _chunks(connection: sa.Connection) -> Iterator[list[dict[str, Any]]]:
    """Yield the old rows in the order of their random keys."""
    old = sa.table(
        "response",
        sa.column("slot", sa.Integer()),
        sa.column("survey_id", sa.Integer()),
        sa.column("id", sa.LargeBinary()),
        sa.column("channel_id", sa.Integer()),
        sa.column("subject_id", sa.Integer()),
        sa.column("answered_on", sa.Date()),
        sa.column("answers", sa.String()),
    )
    for slot in connection.scalars(sa.select(old.c.slot).distinct()).all():
        last = b""
        while True:
            some = (
                sa.select(old)
                .where(old.c.slot == slot, old.c.id > last)
                .order_by(old.c.id)
                .limit(MANY)
            )
            rows = [dict(row) for row in connection.execute(some).mappings()]
            if not rows:
                break
            last = rows[-1]["id"]
            yield rows


def _places(questionnaire: Any) -> tuple[int, dict[str, dict[str, int]]]:
    """Return the letters of a place, and question → choice → its number."""
    questions = questionnaire["questions"]
    width = 2 if any(len(q["choices"]) > 60 for q in questions) else 1
    places = {
        question["key"]: {c["key"]: n for n, c in enumerate(question["choices"])}
        for question in questions
    }
    return width, places


def _text_of(questionnaire: Any) -> Rewrite:
    width, places = _places(questionnaire)

    def text(answers: str) -> str:
        try:
            said = json.loads(answers)
            if said.keys() - places.keys():
                return answers
            written, check = str(width), 0
            for place, (question, choices) in enumerate(places.items()):
                if question in said:
                    number = choices[said[question]]
                    written += _letters(number, width)
                    check += (place % 60 + 1) * (number + 1)
                else:
                    written += "-" * width
            return written + SYMBOLS[check % 61]
        except (ValueError, KeyError, TypeError, AttributeError):
            return answers

    return text


def _json_of(questionnaire: Any) -> Rewrite:
    width, places = _places(questionnaire)
    meant = {
        question: {_letters(number, width): key for key, number in choices.items()}
        for question, choices in places.items()
    }

    def as_json(text: str) -> str:
        said = [text[start : start + width] for start in range(1, len(text) - 1, width)]
        if len(said) != len(meant) or text[:1] != str(width):
            return text
        told = {
            question: letters_of.get(letters, "")
            for (question, letters_of), letters in zip(meant.items(), said, strict=True)
            if letters != "-" * width
        }
        return json.dumps(told, separators=(",", ":"))

    return as_json


def _letters(number: int, width: int) -> str:
    high, low = divmod(number, len(SYMBOLS))
    return (SYMBOLS[high] if width == 2 else "") + SYMBOLS[low]
