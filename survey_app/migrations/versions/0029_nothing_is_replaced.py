"""A row that never changes is not replaced either.

SQLite's INSERT OR REPLACE takes the old row away without asking the guards of DELETE;
PostgreSQL has nothing like it: ON CONFLICT DO UPDATE asks those of UPDATE.
"""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

GUARDS = (
    ("record_insert", "record", "number = NEW.number"),
    ("record_head_insert", "record_head", "id = NEW.id"),
    (
        "no_act_is_replaced", "alert_act",
        "alert_id = NEW.alert_id AND number = NEW.number",
    ),
)  # fmt: skip
"""Name, table, and which row is there already."""


def upgrade() -> None:
    """Let nothing take the place of a row that is there."""
    if op.get_bind().dialect.name == "sqlite":
        for name, table, same in GUARDS:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE INSERT ON {table} "  # noqa: S608 -- our own names
                f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
                "BEGIN SELECT RAISE(ABORT, 'what is there is not replaced'); END"
            )


def downgrade() -> None:
    """Take the guards away again."""
    if op.get_bind().dialect.name == "sqlite":
        for name, _table, _same in GUARDS:
            op.execute(f"DROP TRIGGER {name}")
