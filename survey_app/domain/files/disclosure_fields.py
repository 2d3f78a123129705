"""The part of a scheme file that raises the floors, and may post recount papers."""

from survey_app.domain.disclosure.floors import (
    DEFAULTS,
    HARD,
    DisclosureRules,
    Papers,
    SmallGroups,
)
from survey_app.domain.files.checked_table import CheckedTable
from survey_app.domain.files.written_value import Kind, Misread, one_of, shown, whole
from survey_app.domain.stated import Stated

HIGHEST = 1000
"""Above it nothing would ever be shown."""

_COUNT = whole(0, HIGHEST)


def disclosure_rules(table: CheckedTable) -> DisclosureRules:
    """Return the floors; the house's defaults where the file says nothing."""
    return DisclosureRules(
        secret_office=_raised(
            table, "secret_office", DEFAULTS.secret_office, HARD.office
        ),
        secret_rated=_raised(table, "secret_rated", DEFAULTS.secret_rated, HARD.rated),
        open=_raised(table, "open", DEFAULTS.open, HARD.public),
        comments=_raised(table, "comments", DEFAULTS.comments, HARD.comments),
        shroud=_raised(table, "shroud", DEFAULTS.shroud, HARD.shroud),
        papers=table.stated("papers", one_of(Papers), default=DEFAULTS.papers.value),
        small_groups=table.stated(
            "small_groups", one_of(SmallGroups), default=DEFAULTS.small_groups.value
        ),
    )


def _raised(
    table: CheckedTable, key: str, default: Stated[int], hard: int
) -> Stated[int]:
    """Return the floor written at a key; noted where it is lower than the default."""

    def read(written: object) -> int:
        value = _COUNT.read(written)
        if value < hard:
            wrong = (
                f"{shown(written)} is below {hard}, under which nothing is ever shown"
            )
            raise Misread(wrong, f"write {default.value} or more")
        if value < default.value:
            raise Misread(
                f"{shown(written)} would lower the default of {default.value}",
                f"write {default.value} or more; floors are only raised",
            )
        return value

    kind = Kind(read, str(default.value), default.value)
    return table.stated(key, kind, default=default.value)
