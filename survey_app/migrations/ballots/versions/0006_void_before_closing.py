"""A box can be void before it closed, and closing it begins before it ends."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

STEPS_BEFORE = (
    "issuing>open", "open>closed", "closed>counted", "closed>void", "counted>scrubbed",
    "void>scrubbed", "scrubbed>done",
)  # fmt: skip
STEPS_AFTER = (*STEPS_BEFORE, "open>void")
WHY = "a ballot box only goes forward"

SQLITE_TRIGGER = """
CREATE TRIGGER only_forward BEFORE UPDATE ON ballot_box WHEN {condition}
BEGIN SELECT RAISE(ABORT, '{why}'); END
"""

POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION only_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {condition} THEN
        RAISE EXCEPTION '{why}';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    """Add the column and the step."""
    op.add_column("ballot_box", sa.Column("signatures", sa.String(), nullable=True))
    _allow(STEPS_AFTER)


def downgrade() -> None:
    """Take them away again."""
    _allow(STEPS_BEFORE)
    op.drop_column("ballot_box", "signatures")


def _allow(steps: tuple[str, ...]) -> None:
    """Write the guard of the box anew."""
    listed = ", ".join(repr(step) for step in steps)
    condition = (
        f"NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ({listed})"
    )
    filled = {"condition": condition, "why": WHY}
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER only_forward")
        op.execute(SQLITE_TRIGGER.format(**filled))
    else:
        op.execute(POSTGRESQL_FUNCTION.format(**filled))
