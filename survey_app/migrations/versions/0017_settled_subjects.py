"""What became of a publication plan is kept subject by subject, and read by key.

What lies there is moved as it is: a plan that is not as it was sealed gets no new seal,
so it is shown as little as before. That needs the server's key; without it, as when
Alembic is run by hand, settled plans are not moved.
"""

import hashlib
import hmac
import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from survey_app.database import key_at

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

SETTLED = (
    "SELECT survey_id, fingerprint, evaluated, tallies, settled_seal "
    "FROM publication_plan WHERE evaluated IS NOT NULL ORDER BY survey_id"
)
TABLE = sa.table(
    "settled_subject",
    *map(sa.column, ("survey_id", "subject_id", "plan", "tally", "seal")),
)
Key = bytes | None


def upgrade() -> None:
    """Make the table and move every evaluated plan into it."""
    op.create_table(
        "settled_subject",
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("tally", sa.String(), nullable=False),
        sa.Column("seal", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["subject_id"],
            ["subject.id"],
            name=op.f("fk_settled_subject_subject_id"),
        ),
        sa.ForeignKeyConstraint(
            ["survey_id"],
            ["publication_plan.survey_id"],
            name=op.f("fk_settled_subject_survey_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "survey_id", "subject_id", name=op.f("pk_settled_subject")
        ),
    )
    connection = op.get_bind()
    key = key_at(connection)
    for survey_id, fingerprint, text, tallies, sealed in connection.execute(
        sa.text(SETTLED)
    ).all():
        if key is None and sealed is not None:
            raise RuntimeError("settled plans are sealed: run `survey migrate`")
        is_whole = key is not None and sealed == _seal(
            key, survey_id, fingerprint, text, tallies
        )
        mine = key if is_whole else None
        plan, told = json.loads(text), json.loads(tallies or "{}")
        rows = [
            (int(subject), _subject_text(plan, about), told.get(subject, ""))
            for subject, about in plan["subjects"].items()
        ]
        rows.sort()
        head = _text(_head(plan, rows))
        if rows:
            connection.execute(
                sa.insert(TABLE),
                [
                    dict(zip(TABLE.columns.keys(), (survey_id, *one), strict=True))
                    for one in (
                        (*row, _seal(mine, survey_id, fingerprint, *row))
                        for row in rows
                    )
                ],
            )
        _write(
            connection,
            survey_id,
            evaluated=head,
            settled_seal=_seal(mine, survey_id, fingerprint, head),
        )
    op.drop_column("publication_plan", "tallies")


def downgrade() -> None:
    """Put every plan into one text again."""
    op.add_column("publication_plan", sa.Column("tallies", sa.String(), nullable=True))
    connection = op.get_bind()
    key = key_at(connection)
    for survey_id, fingerprint, text, _, _ in connection.execute(
        sa.text(SETTLED)
    ).all():
        kept = connection.execute(
            sa.select(TABLE.c.subject_id, TABLE.c.plan, TABLE.c.tally)
            .where(TABLE.c.survey_id == survey_id)
            .order_by(TABLE.c.subject_id)
        ).all()
        head = json.loads(text)
        subjects = {str(subject): json.loads(plan) for subject, plan, _ in kept}
        for about in subjects.values():
            del about["floors"], about["format"]
        told = ("frozen", "floors", "total")
        plan = _text({"format": 2, "subjects": subjects} | {k: head[k] for k in told})
        tallies = json.dumps({str(s): t for s, _, t in kept}, sort_keys=True)
        _write(
            connection,
            survey_id,
            evaluated=plan,
            tallies=tallies,
            settled_seal=_seal(key, survey_id, fingerprint, plan, tallies),
        )
    op.drop_table("settled_subject")


def _subject_text(plan: dict[str, Any], about: dict[str, Any]) -> str:
    """Return the text of one subject, which says its floors itself."""
    silence = {"posts": ["principal"]} if plan["format"] == 1 else {}
    return _text(silence | about | {"floors": plan["floors"], "format": 1})


def _head(plan: dict[str, Any], rows: list[tuple[int, str, str]]) -> dict[str, Any]:
    """Return what is said of the whole, and what seals the list of its subjects."""
    root = hashlib.sha256()
    for row in rows:
        root.update(f"{json.dumps(row, ensure_ascii=False)}\n".encode())
    return {
        "format": 1,
        "frozen": plan["frozen"],
        "floors": plan["floors"],
        "subjects": len(rows),
        "groups": _groups(plan["subjects"].values()),
        "total": plan["total"],
        "root": root.hexdigest(),
    }


def _groups(subjects: Any) -> dict[str, int | None]:
    """Return rater group → its answers, where every part of it is shown."""
    cells: dict[str, list[int | None]] = {}
    for about in subjects:
        for counted in (about["merged"], about.get("joined", {})):
            for group in (*counted.keys(), *counted.values()):
                cells.setdefault(group, []).append(None)
        for group, n in about["sizes"].items():
            cells.setdefault(group, []).append(n)
    return {
        group: None if None in parts else sum(n for n in parts if n is not None)
        for group, parts in cells.items()
    }


def _text(plain: dict[str, Any]) -> str:
    return json.dumps(plain, sort_keys=True, ensure_ascii=False)


def _seal(key: Key, *parts: object) -> str | None:
    if key is None:
        return None
    text = json.dumps([str(part) for part in parts], ensure_ascii=False)
    return hmac.new(key, text.encode(), "sha256").hexdigest()


def _write(connection: sa.Connection, survey_id: int, **told: str | None) -> None:
    said = ", ".join(f"{name} = :{name}" for name in told)
    connection.execute(
        sa.text(f"UPDATE publication_plan SET {said} WHERE survey_id = :survey"),  # noqa: S608 -- our own names
        {"survey": survey_id, **told},
    )
