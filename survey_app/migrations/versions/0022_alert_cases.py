"""Alerts become cases with acts, files and objections; those there are, are raised."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

STATES = "'raised', 'verifying', 'heard', 'decided', 'following', 'closed'"
ACTS = (
    "'raise', 'begin', 'check', 'hear', 'decide', 'plan', 'close', 'lift', "
    "'found-again', 'confirm', 'decline', 'attach', 'take-away'"
)
OUTCOMES = (
    "'no-measure', 'improved', 'no-evidence-of-change', 'escalated', 'handled', "
    "'lifted'"
)
MEASURES = (
    "'none', 'reminder', 'inquiry', 'admonition', 'waiting-for-a-post', "
    "'adjustment', 'demotion', 'removal'"
)
WHY = "acts about an alert are never changed"

ASK = """
INSERT INTO job (kind, about, detail, state, again, tries, done, total, asked_by,
    failure)
SELECT 'raise-alerts', survey_id, '', 'waiting', :no, 0, 0, 0, '', ''
FROM raised_alerts WHERE crossed > 0
"""
"""The worker raises the alerts of every survey that kept some."""

SQLITE_TRIGGER = """
CREATE TRIGGER {name} BEFORE {event} ON alert_act
BEGIN SELECT RAISE(ABORT, '{why}'); END
"""
POSTGRESQL_FUNCTION = """
CREATE FUNCTION alert_acts_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{why}'; END $$
"""
POSTGRESQL_TRIGGER = """
CREATE TRIGGER {name} BEFORE {event} ON alert_act
FOR EACH ROW EXECUTE FUNCTION alert_acts_stay()
"""
GUARDS = (("no_act_changes", "UPDATE"), ("no_act_goes", "DELETE"))


def upgrade() -> None:
    """Make the tables and their guards, and ask for the alerts there are."""
    _make_alert()
    _make_act()
    _make_files()
    _make_objection()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL_FUNCTION.format(why=WHY))
        for name, event in (*GUARDS, ("no_act_is_emptied", "TRUNCATE")):
            made = POSTGRESQL_TRIGGER.format(name=name, event=event)
            each = "STATEMENT" if event == "TRUNCATE" else "ROW"
            op.execute(made.replace("EACH ROW", f"EACH {each}"))
    else:
        for name, event in GUARDS:
            op.execute(SQLITE_TRIGGER.format(name=name, event=event, why=WHY))
    op.get_bind().execute(sa.text(ASK), {"no": False})


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _key(
    table: str, column: str, other: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=name, ondelete=ondelete
    )


def _make_alert() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        *_texts("rule_key", "question_key", "rater_group"),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("follows", sa.Integer(), nullable=True),
        *_texts("proposed"),
        sa.Column("is_rating", sa.Boolean(), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        *_texts("state", "outcome", "measure"),
        sa.Column("waiting", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_texts("held_by"),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("recheck_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(f"state IN ('', {STATES})", name=op.f("ck_alert_state")),
        sa.CheckConstraint(
            f"outcome IN ('', {OUTCOMES})", name=op.f("ck_alert_outcome")
        ),
        sa.CheckConstraint(
            f"measure IN ('', {MEASURES})", name=op.f("ck_alert_measure")
        ),
        sa.CheckConstraint(
            f"proposed IN ('', {MEASURES})", name=op.f("ck_alert_proposed")
        ),
        sa.CheckConstraint(
            "(state = 'closed') = (outcome <> '')", name=op.f("ck_alert_closed_as")
        ),
        _key("alert", "cycle_id", "cycle"),
        _key("alert", "survey_id", "survey"),
        _key("alert", "subject_id", "subject"),
        _key("alert", "follows", "alert"),
        _key("alert", "recheck_id", "survey", ondelete="SET NULL"),
        sa.UniqueConstraint(
            "cycle_id", "subject_id", "rule_key", "question_key", "rater_group",
            "round", name="uq_alert_identity",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sqlite_autoincrement=True,
    )  # fmt: skip
    op.create_index(op.f("ix_alert_state_due_on"), "alert", ["state", "due_on"])
    for column in ("survey_id", "subject_id"):
        op.create_index(op.f(f"ix_alert_{column}"), "alert", [column])


def _make_act() -> None:
    op.create_table(
        "alert_act",
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        *_texts("kind", "account"),
        sa.Column("day", sa.Date(), nullable=False),
        *_texts("reason", "before", "after", "point", "measure", "outcome"),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("survey_id", sa.Integer(), nullable=True),
        sa.Column("attachment_id", sa.Integer(), nullable=True),
        *_texts("needs"),
        sa.Column("answers", sa.Integer(), nullable=True),
        sa.Column("given_before", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"kind IN ('', {ACTS})", name=op.f("ck_alert_act_kind")),
        _key("alert_act", "alert_id", "alert"),
        sa.PrimaryKeyConstraint("alert_id", "number", name=op.f("pk_alert_act")),
    )


def _make_files() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=False),
        *_texts("name", "kind"),
        sa.Column("size", sa.Integer(), nullable=False),
        *_texts("sha256", "attached_by"),
        sa.Column("attached_on", sa.Date(), nullable=False),
        *_texts("taken_by"),
        sa.Column("taken_on", sa.Date(), nullable=True),
        _key("attachment", "alert_id", "alert"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_attachment_alert_id"), "attachment", ["alert_id"])
    op.create_table(
        "attachment_part",
        sa.Column("attachment_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _key("attachment_part", "attachment_id", "attachment"),
        sa.PrimaryKeyConstraint(
            "attachment_id", "number", name=op.f("pk_attachment_part")
        ),
    )


def _make_objection() -> None:
    op.create_table(
        "objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=True),
        *_texts("text", "filed_by", "on_paper_of"),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        *_texts("answer", "verdict", "answered_by"),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(answered_on IS NULL) = (answer = '')",
            name=op.f("ck_objection_answered_in_words"),
        ),
        sa.CheckConstraint(
            "verdict IN ('', 'upheld', 'changed')", name=op.f("ck_objection_verdict")
        ),
        _key("objection", "cycle_id", "cycle"),
        _key("objection", "subject_id", "subject"),
        _key("objection", "alert_id", "alert"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
        sqlite_autoincrement=True,
    )
    for name, columns in (
        ("answered_on_answer_by", ["answered_on", "answer_by"]),
        ("cycle_id_subject_id", ["cycle_id", "subject_id"]),
        ("alert_id", ["alert_id"]),
    ):
        op.create_index(op.f(f"ix_objection_{name}"), "objection", columns)


def downgrade() -> None:
    """Take them away again."""
    op.execute("DELETE FROM job WHERE kind = 'raise-alerts'")
    for table in ("objection", "attachment_part", "attachment", "alert_act", "alert"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION alert_acts_stay()")
