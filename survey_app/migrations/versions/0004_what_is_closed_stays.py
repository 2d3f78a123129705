"""What is closed stays: facts frozen at openings, settled cycles, corrections.

Nobody knows any more how the roster stood when the surveys that are there opened:
their facts are frozen as the roster has them on the day of this step.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

FACTS = (
    "unit_id, unit_code, unit_name, parent_name, cadre_code, cadre_name, title, post"
)

ROSTER = """
    subject.id, unit.id, unit.code, unit.name, coalesce(parent.name, ''),
    cadre.code, cadre.name, cadre.title, cadre.post
    FROM subject JOIN unit ON unit.id = subject.unit_id
    LEFT JOIN unit AS parent ON parent.id = unit.parent_id
    LEFT JOIN cadre ON cadre.id = subject.cadre_id
"""


def upgrade() -> None:
    """Add the tables and freeze what has opened."""
    turn = sa.Column("turn", sa.Integer(), nullable=False)
    _make_frozen_facts("rated_subject", "survey", turn, ondelete="CASCADE")
    op.create_index(
        op.f("ix_rated_subject_subject_id"), "rated_subject", ["subject_id"]
    )
    _make_frozen_facts("cycle_subject", "cycle")
    _make_values()
    _make_correction()
    op.execute(
        f"INSERT INTO rated_subject (survey_id, turn, subject_id, {FACTS}) "  # noqa: S608 -- names of this file
        f"SELECT survey.id, survey.id, {ROSTER} CROSS JOIN survey "
        "WHERE survey.state != 'draft' AND EXISTS (SELECT 1 FROM survey_subject "
        "JOIN subject AS rated ON rated.id = survey_subject.subject_id "
        "WHERE survey_subject.survey_id = survey.id "
        "AND rated.unit_id = subject.unit_id AND (rated.id = subject.id "
        "OR rated.kind = 'leading-body' OR subject.kind = 'leading-body'))"
    )


def _make_frozen_facts(
    table: str, of: str, *more: sa.Column[int], ondelete: str | None = None
) -> None:
    op.create_table(
        table,
        sa.Column(f"{of}_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("unit_code", sa.String(), nullable=False),
        sa.Column("unit_name", sa.String(), nullable=False),
        sa.Column("parent_name", sa.String(), nullable=False),
        sa.Column("cadre_code", sa.String(), nullable=True),
        sa.Column("cadre_name", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("post", sa.String(), nullable=True),
        *more,
        _belongs_to(table, of, ondelete=ondelete),
        _belongs_to(table, "subject"),
        _belongs_to(table, "unit"),
        sa.PrimaryKeyConstraint(f"{of}_id", "subject_id", name=op.f(f"pk_{table}")),
    )


def _make_values() -> None:
    for column in (
        sa.Column("settled_by", sa.String(), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
    ):
        op.add_column("cycle", column)
    for column in (
        sa.Column("entered_by", sa.String(), nullable=True),
        sa.Column("entered_on", sa.Date(), nullable=True),
    ):
        op.add_column("given_value", column)
    op.create_table(
        "replaced_value",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("component_key", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("entered_by", sa.String(), nullable=True),
        sa.Column("entered_on", sa.Date(), nullable=True),
        sa.Column("replaced_by", sa.String(), nullable=True),
        sa.Column("replaced_on", sa.Date(), nullable=True),
        _belongs_to("replaced_value", "cycle"),
        _belongs_to("replaced_value", "subject"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replaced_value")),
    )
    op.create_index(
        op.f("ix_replaced_value_cycle_id_subject_id"),
        "replaced_value",
        ["cycle_id", "subject_id"],
    )


def _make_correction() -> None:
    needed = ("what", "old", "new", "old_source", "new_source", "reason", "state")
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in needed),
        sa.Column("requested_by", sa.String(), nullable=False),
        sa.Column("requested_on", sa.Date(), nullable=False),
        sa.Column("passwords_given", sa.Integer(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "state IN ('requested', 'confirmed', 'declined', 'withdrawn')",
            name=op.f("ck_correction_state"),
        ),
        sa.CheckConstraint(
            "state != 'confirmed' OR requested_by != decided_by",
            name=op.f("ck_correction_two_accounts"),
        ),
        _belongs_to("correction", "cycle"),
        _belongs_to("correction", "subject"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index(
        op.f("ix_correction_cycle_id_subject_id"),
        "correction",
        ["cycle_id", "subject_id"],
    )


def _belongs_to(
    table: str, other: str, *, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{other}_id")
    return sa.ForeignKeyConstraint(
        [f"{other}_id"], [f"{other}.id"], name=name, ondelete=ondelete
    )


def downgrade() -> None:
    """Take it away again."""
    for table in ("correction", "replaced_value", "cycle_subject", "rated_subject"):
        op.drop_table(table)
    for table, columns in (
        ("given_value", ("entered_on", "entered_by")),
        ("cycle", ("settled_on", "settled_by")),
    ):
        for column in columns:
            op.drop_column(table, column)
