"""The part of an alert rule that says what of the share it watches."""

from fractions import Fraction

from survey_app.domain.ground.stated import Stated, assumed
from survey_app.domain.ground.toml_table import CheckedTable
from survey_app.domain.ground.written_value import SHARE, one_of, whole
from survey_app.domain.scheme.alert_watch import ORDINARY, AlertKind, AlertWatch
from survey_app.domain.scheme.review_rules import DaysOf

DAYS = whole(1, 366)
CONTACT, RECTIFY, CALL_BACK = 1, 15, 20
"""Days after which bad ratings must be contacted, rectified and called back."""
OF_RATINGS = ("contact_days", "rectify_days", "call_back_days", "days")


def alert_watch(table: CheckedTable) -> AlertWatch:
    """Return what one alert rule watches; keys of another kind are noted."""
    kind = table.word("kind", AlertKind, default=AlertKind.SHARE)
    rise = years = None
    if kind is AlertKind.RISE:
        rise = table.stated("rise", SHARE)
    else:
        table.forbid("rise", 'means something for kind = "rise" only')
    if kind is AlertKind.YEARS:
        years = table.stated("years", whole(2, 5))
    else:
        table.forbid("years", 'means something for kind = "years" only')
    if kind is not AlertKind.RATING:
        for key in OF_RATINGS:
            table.forbid(key, 'means something for kind = "rating" only')
        return AlertWatch(kind, rise, years)
    for key in ("threshold", "comparator", "pooled"):
        table.forbid(key, "every single bad rating is handled, whatever its share")
    return AlertWatch(
        kind,
        contact_days=table.stated("contact_days", DAYS, default=CONTACT),
        rectify_days=table.stated("rectify_days", DAYS, default=RECTIFY),
        call_back_days=table.stated("call_back_days", DAYS, default=CALL_BACK),
        days=table.stated("days", one_of(DaysOf), default=ORDINARY.days.value),
    )


def threshold(table: CheckedTable, watch: AlertWatch) -> Stated[Fraction]:
    """Return a rule's threshold; a rise needs none, and a bad rating has none."""
    if watch.kind is AlertKind.RATING:
        return assumed(Fraction(0))
    least = Fraction(1) if watch.kind is AlertKind.RISE else None
    return table.stated("threshold", SHARE, default=least)
