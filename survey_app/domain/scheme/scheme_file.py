"""From a scheme file to a scheme, or to a list of everything that is wrong with it.

The format is documented by example in docs/schemes.md. `read_scheme` reads each table
first (wrong words, numbers without status, unknown keys) and then checks the whole
(weights, references, pooled designs); one refusal carries the faults of both.
"""

from survey_app.domain.ground.file_faults import FaultList, SchemeRefused
from survey_app.domain.ground.stated import Stated
from survey_app.domain.ground.toml_table import FILE_KEY, CheckedTable
from survey_app.domain.ground.written_value import (
    ANY_POINTS,
    POINTS,
    Misread,
    ValueKind,
    known_format,
    one_of,
    shown,
    whole,
)
from survey_app.domain.scheme.component_fields import ComponentReader, placed
from survey_app.domain.scheme.floors import (
    DEFAULTS,
    HARD,
    DisclosureRules,
    Papers,
    SmallGroups,
)
from survey_app.domain.scheme.frozen_scheme import fingerprinted
from survey_app.domain.scheme.review_file import review_rules
from survey_app.domain.scheme.scheme import Scheme, SubjectKind
from survey_app.domain.scheme.scheme_checks import whole_file_faults
from survey_app.domain.scheme.survey_rules_file import ValueSets, alert_rule, rate
from survey_app.domain.scheme.total_rules import NOTHING, AdjustmentRules, Order

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

    kind = ValueKind(read, str(default.value), default.value)
    return table.stated(key, kind, default=default.value)


def read_scheme(text: str, *, file: str) -> Scheme:
    """Return the scheme written in TOML; SchemeRefused names all faults of the file."""
    faults = FaultList()
    root = CheckedTable.of_text(text, faults)
    if root is None:
        raise SchemeRefused(file, tuple(faults.faults))
    scheme = scheme_of(root)
    root.finish()
    for fault in whole_file_faults(scheme, faults):
        faults.note(fault.where, fault.wrong, fault.instead)
    if faults.faults:
        raise SchemeRefused(file, tuple(faults.faults))
    return fingerprinted(scheme)


def scheme_of(root: CheckedTable) -> Scheme:
    """Return what the tables say, with stand-ins where they cannot be read."""
    root.plain("format", known_format(1))
    subject, source = root.word("subject", SubjectKind), root.source()
    sets = ValueSets(root.table("values"))
    components = ComponentReader(sets, subject, source).components(root)
    sets.refuse_unused()
    by_key = {component.key: component for _, component in placed(components)}
    return Scheme(
        key=root.name("key", FILE_KEY),
        title=root.words("title"),
        subject=subject,
        source=source,
        note=root.words("note", optional=True),
        total=root.stated("total", POINTS),
        components=components,
        rates=tuple(rate(one, source) for one in root.tables("rates")),
        alerts=tuple(alert_rule(one, by_key, source) for one in root.tables("alerts")),
        adjustments=adjustments(root.table("adjustments")),
        places=root.stated("places", whole(0, 6), default=2),
        fingerprint="",
        disclosure=disclosure_rules(root.table("disclosure")),
        floor=root.stated("floor", ANY_POINTS, default=NOTHING.value),
        ceiling=root.perhaps("ceiling", POINTS),
        review=review_rules(root.table("review")),
    )


def adjustments(table: CheckedTable) -> AdjustmentRules:
    """Return what bonuses and deductions do; after the weighting unless it says."""
    order = table.stated("order", one_of(Order), default=Order.AFTER)
    if order.value is Order.AFTER:
        table.forbid("component", "adjustments after the weighting change the total")
    before = order.value is Order.BEFORE
    return AdjustmentRules(
        order=order,
        component=table.text("component") if before else "",
        bonus_cap=table.perhaps("bonus_cap", POINTS),
        deduction_cap=table.perhaps("deduction_cap", POINTS),
    )
