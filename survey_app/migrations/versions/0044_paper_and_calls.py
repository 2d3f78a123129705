"""Stacks of paper that are typed twice, and what became of telephone calls."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

STATES = "state IN ('typing', 'counted', 'thrown', 'late')"
OUTCOMES = "outcome IN ('refused', 'not-reached', 'not-eligible')"


def upgrade() -> None:
    """Make the four tables; no stack and no call is in them."""
    op.create_table(
        "paper_stack",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sheets", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("first_by", sa.String(), nullable=True),
        sa.Column("given_before", sa.Integer(), nullable=True),
        sa.Column("second_by", sa.String(), nullable=True),
        sa.Column("settled_by", sa.String(), server_default="", nullable=False),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("counted", sa.Integer(), server_default="0", nullable=False),
        sa.Column("invalid", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint(STATES, name=op.f("ck_paper_stack_state")),
        sa.CheckConstraint(
            "sheets BETWEEN 1 AND 500", name=op.f("ck_paper_stack_sheets")
        ),
        sa.CheckConstraint(
            "state <> 'counted' OR sheets = counted + invalid",
            name=op.f("ck_paper_stack_balance"),
        ),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["survey.id"], name=op.f("fk_paper_stack_survey_id")
        ),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_paper_stack_channel_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_stack")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_paper_stack_survey_id"), "paper_stack", ["survey_id"])
    op.create_index(op.f("ix_paper_stack_channel_id"), "paper_stack", ["channel_id"])
    op.create_table(
        "typed_copy",
        sa.Column("stack_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("look", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sheet", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["stack_id"], ["paper_stack.id"],
            name=op.f("fk_typed_copy_stack_id"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "stack_id", "position", "look", name=op.f("pk_typed_copy")
        ),
        sqlite_with_rowid=False,
    )  # fmt: skip
    op.create_table(
        "call_count",
        sa.Column("survey_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("channel_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("called_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint(OUTCOMES, name=op.f("ck_call_count_outcome")),
        sa.PrimaryKeyConstraint(
            "survey_id", "channel_id", "called_on", "outcome",
            name=op.f("pk_call_count"),
        ),
        sqlite_with_rowid=False,
    )  # fmt: skip
    op.create_table(
        "told_call",
        sa.Column("survey_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("mark", sa.LargeBinary(10), nullable=False),
        sa.PrimaryKeyConstraint("survey_id", "mark", name=op.f("pk_told_call")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Take them away; answers that were counted stay counted."""
    for table in ("told_call", "call_count", "typed_copy", "paper_stack"):
        op.drop_table(table)
