"""Every act of the office leaves an entry that nobody can change or take away.

An office from before begins its record with an entry that says so. Without the server's
key, as when Alembic is run by hand, its head is sealed by the first act that follows.
"""

import hashlib
import hmac
import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from survey_app.database import key_at

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

FIRST = "0" * 64
INDEXES = (
    ("account", "number"), ("act", "number"), ("about", "act", "account", "number"),
    ("minute",),
)  # fmt: skip
REFUSED = (
    ("record", "UPDATE", "TRUE"),
    ("record", "DELETE", "TRUE"),
    ("record_head", "UPDATE", "NEW.number <= OLD.number OR NEW.id <> OLD.id"),
    ("record_head", "DELETE", "TRUE"),
)
"""Table, event, and when it is refused."""
WHY = "an entry of the record stays as it is"


def upgrade() -> None:
    """Make the tables, their guards and the first entry."""
    texts = ("account", "via", "act", "about", "before", "after", "reason", "previous")
    op.create_table(
        "record",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("minute", sa.DateTime(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in (*texts, "hash")),
        sa.CheckConstraint("number > 0", name=op.f("ck_record_number")),
        sa.CheckConstraint(
            "via IN ('page', 'job', 'terminal', 'platform')", name=op.f("ck_record_via")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_record")),
    )
    for columns in INDEXES:
        op.create_index(op.f(f"ix_record_{'_'.join(columns)}"), "record", list(columns))
    op.create_table(
        "record_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("seal", sa.String(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_record_head_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_head")),
    )
    _begin()
    for table, event, condition in REFUSED:
        _guard(table, event, condition)
    if op.get_bind().dialect.name == "postgresql":
        for table in ("record", "record_head"):
            op.execute(
                f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION record_delete_refused()"
            )


def _begin() -> None:
    """Write the entry that the record begins with."""
    number, told = 0, FIRST
    record, head = sa.table("record"), sa.table("record_head")
    bind = op.get_bind()
    if bind.scalar(sa.text("SELECT count(*) FROM account")):
        minute = datetime.now(UTC).replace(tzinfo=None, second=0, microsecond=0)
        entry = {
            "number": 1, "minute": f"{minute:%Y-%m-%dT%H:%M}", "account": "",
            "via": "platform", "act": "record-begins", "about": "", "before": "",
            "after": "", "reason": "", "previous": FIRST,
        }  # fmt: skip
        text = json.dumps([1, *entry.values()], ensure_ascii=False)
        number, told = 1, hashlib.sha256(text.encode()).hexdigest()
        for name in entry:
            record.append_column(sa.column(name))
        record.append_column(sa.column("hash"))
        bind.execute(
            sa.insert(record).values(**entry | {"minute": minute, "hash": told})
        )
    for name in ("id", "number", "hash", "seal"):
        head.append_column(sa.column(name))
    key, text = key_at(bind), f"head of the record {number} {told}"
    seal = hmac.new(key, text.encode(), "sha256").hexdigest() if key else None
    bind.execute(sa.insert(head).values(id=1, number=number, hash=told, seal=seal))


def _guard(table: str, event: str, condition: str) -> None:
    name = f"{table}_{event.lower()}"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{WHY}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {name}_refused() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{WHY}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW "
        f"WHEN ({condition}) EXECUTE FUNCTION {name}_refused()"
    )


def downgrade() -> None:
    """Take the record away again."""
    for table in ("record_head", "record"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for table, event, _ in REFUSED:
            op.execute(f"DROP FUNCTION {table}_{event.lower()}_refused()")
