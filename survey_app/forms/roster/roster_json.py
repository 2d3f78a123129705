"""What was read of a roster workbook as JSON: how one process tells another."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from survey_app.appraisal.roster.roster import CellFault, RosterSheets, Row
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.remark import Remark


def sheets_to_json(sheets: RosterSheets) -> str:
    """Return the sheets as JSON; `sheets_from_json` gives them back unchanged."""
    return json.dumps(
        {
            "rows": {key: [_of_row(row) for row in rows]
                     for key, rows in sheets.rows.items()},
            "faults": [_of_fault(fault) for fault in sheets.faults],
            "notes": [_of_fault(note) for note in sheets.notes],
        }
    )  # fmt: skip


def sheets_from_json(text: str) -> RosterSheets:
    """Return the sheets; ValueError, KeyError or TypeError for anything else."""
    told = json.loads(text)
    return RosterSheets(
        rows={
            key: tuple(_row(row) for row in rows) for key, rows in told["rows"].items()
        },
        faults=tuple(_fault(fault) for fault in told["faults"]),
        notes=tuple(_fault(note) for note in told["notes"]),
    )


def _of_row(row: Row) -> Sequence[Any]:
    return (
        row.sheet, row.number, dict(row.cells), dict(row.letters), sorted(row.broken),
    )  # fmt: skip


def _row(told: Sequence[Any]) -> Row:
    sheet, number, cells, letters, broken = told
    return Row(sheet, number, cells, letters, frozenset(broken))


def _of_fault(fault: CellFault) -> Sequence[Any]:
    figures = [(name, _of_figure(figure)) for name, figure in fault.what.figures]
    return fault.where, str(fault.what.key), figures


def _fault(told: Sequence[Any]) -> CellFault:
    where, key, figures = told
    return CellFault(
        where, Remark(key, tuple((name, _figure(figure)) for name, figure in figures))
    )


def _of_figure(figure: str | Bilingual) -> str | Mapping[str, str]:
    return figure if isinstance(figure, str) else {"zh": figure.zh, "en": figure.en}


def _figure(told: str | Mapping[str, str]) -> str | Bilingual:
    return told if isinstance(told, str) else Bilingual(told["zh"], told["en"])
