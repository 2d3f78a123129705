"""What a subject is called in a survey is settled with its facts.

Whatever was opened before is named as pages named it until now.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from survey_app.domain.ground.initials import initials_of
from survey_app.domain.ground.look_alike import Naming, told_apart

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TEXTS = ("shown_name", "shown_unit", "shown_place", "initials")

FROZEN = sa.text(
    "SELECT rated_subject.*, survey_subject.subject_id IS NOT NULL AS is_asked "
    "FROM rated_subject LEFT JOIN survey_subject "
    "ON survey_subject.survey_id = rated_subject.survey_id "
    "AND survey_subject.subject_id = rated_subject.subject_id "
    "WHERE rated_subject.survey_id = :survey "
    "ORDER BY rated_subject.subject_id"
)
NAMED = sa.text(
    "UPDATE rated_subject SET shown_name = :shown_name, shown_unit = :shown_unit, "
    "shown_place = :shown_place, position = :position, initials = :initials "
    "WHERE survey_id = :survey AND subject_id = :subject"
)


def upgrade() -> None:
    """Add the columns and name everybody."""
    for name in TEXTS:
        op.add_column(
            "rated_subject",
            sa.Column(name, sa.String(), nullable=False, server_default=""),
        )
    op.add_column(
        "rated_subject",
        sa.Column("position", sa.Integer(), nullable=False, server_default="0"),
    )
    connection = op.get_bind()
    surveys = sa.text("SELECT DISTINCT survey_id FROM rated_subject ORDER BY survey_id")
    for (survey,) in connection.execute(surveys).all():
        rows = connection.execute(FROZEN, {"survey": survey}).mappings().all()
        connection.execute(NAMED, [{"survey": survey, **one} for one in _named(rows)])


def _named(rows: Sequence[Mapping[Any, Any]]) -> list[dict[str, Any]]:
    """Return subject → its names; who is asked about is told from those alone."""
    asked = [row for row in rows if row["is_asked"]]
    names = _names(rows) | _names(asked)
    units = _units(rows) | _units(asked)
    ordered = sorted(
        rows,
        key=lambda r: (r["unit_code"], r["cadre_name"] is not None, r["subject_id"]),
    )
    return [
        {
            "subject": row["subject_id"],
            "shown_name": names[row["subject_id"]],
            "shown_unit": units[row["unit_id"]],
            "shown_place": _place(row, names, units),
            "position": position,
            "initials": initials_of(_bare(row), row["unit_name"]),
        }
        for position, row in enumerate(ordered)
    ]


def _names(rows: Sequence[Mapping[Any, Any]]) -> dict[int, str]:
    told = told_apart([_naming(row) for row in rows])
    return {row["subject_id"]: name for row, name in zip(rows, told, strict=True)}


def _units(rows: Sequence[Mapping[Any, Any]]) -> dict[int, str]:
    known = {row["unit_id"]: row for row in rows}
    told = told_apart([_of_unit(row) for row in known.values()])
    return dict(zip(known, told, strict=True))


def _naming(row: Mapping[Any, Any]) -> Naming:
    if row["cadre_name"] is None:
        return _of_unit(row)
    return Naming(
        name=row["cadre_name"],
        unit=row["unit_name"],
        parent=row["parent_name"],
        title=row["title"],
        code=row["cadre_code"],
    )


def _of_unit(row: Mapping[Any, Any]) -> Naming:
    return Naming(row["unit_name"], "", row["parent_name"], "", row["unit_code"])


def _bare(row: Mapping[Any, Any]) -> str:
    name: str = row["unit_name"] if row["cadre_name"] is None else row["cadre_name"]
    return name


def _place(
    row: Mapping[Any, Any], names: Mapping[int, str], units: Mapping[int, str]
) -> str:
    """Return what stands beside the name, unless the name says so already."""
    if names[row["subject_id"]] != _bare(row):
        return ""
    if row["cadre_name"] is None:
        parent: str = row["parent_name"]
        return parent
    return f"{units[row['unit_id']]} {row['title']}".strip()


def downgrade() -> None:
    """Take them away again."""
    for name in (*TEXTS, "position"):
        op.drop_column("rated_subject", name)
