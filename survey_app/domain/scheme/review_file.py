"""The part of a scheme file that says what becomes of alerts once they are raised."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TypeVar

from survey_app.domain.ground.bilingual import UNSAID
from survey_app.domain.ground.file_faults import Fault, FaultList, nearest
from survey_app.domain.ground.stated import Stated, assumed
from survey_app.domain.ground.toml_table import CheckedTable
from survey_app.domain.ground.written_value import (
    ValueKind,
    day,
    one_of,
    several,
    whole,
)
from survey_app.domain.scheme.alert_watch import AlertKind
from survey_app.domain.scheme.component_fields import placed
from survey_app.domain.scheme.review_rules import (
    REVIEW_DEFAULTS,
    CheckPoint,
    DaysOf,
    Measure,
    ReviewRules,
    TakesTwo,
)
from survey_app.domain.scheme.scheme import AlertRule, Design, Scheme

T = TypeVar("T")

DAYS = whole(1, 366)
_MEASURES = several(Measure)


def review_rules(table: CheckedTable) -> ReviewRules:
    """Return what becomes of alerts; the house's defaults where nothing is said."""
    house = REVIEW_DEFAULTS
    measures = _said(table, "measures", _MEASURES, house.measures)
    usual = tuple(m for m in house.leading_group.value if m in measures.value)
    return ReviewRules(
        checks=_checks(table) or house.checks,
        measures=measures,
        leading_group=_said(table, "leading_group", _MEASURES, assumed(usual)),
        second_person=_said(
            table, "second_person", several(TakesTwo), house.second_person
        ),
        follow_up_months=_said(
            table, "follow_up_months", whole(1, 60), house.follow_up_months
        ),
        verify_days=_said(table, "verify_days", DAYS, house.verify_days),
        object_days=_said(table, "object_days", DAYS, house.object_days),
        answer_days=_said(table, "answer_days", DAYS, house.answer_days),
        days=_said(table, "days", one_of(DaysOf), house.days),
        proposes=tuple(
            (rule, proposed.stated(rule, one_of(Measure)))
            for proposed in [table.table("proposes")]
            for rule in sorted(proposed.content)
        ),
        days_off=_days(table, "days_off"),
        days_worked=_days(table, "days_worked"),
    )


def _said(
    table: CheckedTable, key: str, kind: ValueKind[T], house: Stated[T]
) -> Stated[T]:
    """Return what the file says, or what the house does, its reason included."""
    return table.perhaps(key, kind) or house


def _checks(table: CheckedTable) -> tuple[CheckPoint, ...]:
    """Return the checklist in its order; a point's source is the list's if not own."""
    whose = table.source(default=UNSAID)
    return tuple(
        CheckPoint(one.name("key"), one.words("label"), one.source(default=whose))
        for one in table.tables("checks")
    )


def _days(table: CheckedTable, key: str) -> tuple[date, ...]:
    """Return a list of days, in their order in time."""
    written = table.get(key)
    if written is None:
        return ()
    if not isinstance(written, list):
        table.note(key, "is not a list of days", f"write {key} = [2026-10-01]")
        return ()
    kind = ValueKind(day, "2026-10-01", date(2026, 1, 1))
    return tuple(sorted({table.read(one, table.at(key), kind) for one in written}))


def review_faults(scheme: Scheme, faults: FaultList) -> Iterator[Fault]:
    """Yield what is wrong between the parts of `[review]`, and with the alert rules."""
    rules = scheme.review
    yield from _repeated("review.checks", [point.key for point in rules.checks])
    if not faults.doubts("review.measures"):
        yield from _measure_faults(rules)
    yield from _proposal_faults(rules, {rule.key: rule for rule in scheme.alerts})
    yield from _day_faults("review.days_off", rules.days_off, off=True)
    yield from _day_faults("review.days_worked", rules.days_worked, off=False)
    for number, alert in enumerate(scheme.alerts):
        if alert.watch.kind is AlertKind.RATING:
            yield from _rating_faults(f"alerts[{number}]", alert, scheme)


def _proposal_faults(
    rules: ReviewRules, known: Mapping[str, AlertRule]
) -> Iterator[Fault]:
    """Yield proposals of rules that are not there, or that decide nothing."""
    for rule, _ in rules.proposes:
        place = f"review.proposes.{rule}"
        if rule not in known:
            yield Fault(place, f'there is no alert "{rule}"', nearest(rule, known))
        elif known[rule].watch.kind is AlertKind.RATING:
            yield Fault(place, "bad ratings are handled, no measure", "remove it")


def _day_faults(place: str, days: Iterable[date], *, off: bool) -> Iterator[Fault]:
    """Yield days that are off, or worked, without anybody saying so."""
    usual = "no day from Monday to Friday" if off else "no Saturday or Sunday"
    for one in days:
        if (one.isoweekday() <= 5) is not off:
            yield Fault(place, f"{one} is {usual}", "remove it")


def _measure_faults(rules: ReviewRules) -> Iterator[Fault]:
    """Yield what is wrong with the measures and those that name some of them."""
    possible = rules.measures.value
    if possible[:1] != (Measure.NONE,):
        wrong = 'does not begin with "none"'
        yield Fault("review.measures", wrong, "let people decide that nothing is done")
    for measure in rules.leading_group.value:
        if measure not in possible:
            wrong = f'"{measure}" is not among the measures'
            yield Fault("review.leading_group", wrong, nearest(measure, possible))
    for rule, proposed in rules.proposes:
        if proposed.value not in possible:
            wrong = f'"{proposed.value}" is not among the measures'
            advice = nearest(proposed.value, possible)
            yield Fault(f"review.proposes.{rule}", wrong, advice)


def _rating_faults(place: str, alert: AlertRule, scheme: Scheme) -> Iterator[Fault]:
    """Yield groups known by a list: what one of them ticked is nobody's business."""
    component = next(
        (one for _, one in placed(scheme.components) if one.key == alert.component),
        None,
    )
    groups = component.survey.rater_groups if component and component.survey else ()
    for group in groups:
        if group.key in alert.rater_groups and group.design is not Design.OPEN:
            wrong = f'"{group.key}" is known by a list or a sample'
            advice = "watch for single bad ratings among open groups only"
            yield Fault(f"{place}.rater_groups", wrong, advice)


def _repeated(place: str, keys: Iterable[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for number, key in enumerate(keys):
        if key in seen:
            yield Fault(f"{place}[{number}].key", f'"{key}" is taken', "choose another")
        seen.add(key)
