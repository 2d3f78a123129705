"""The part of a scheme file that lists rates and alert rules."""

from collections.abc import Mapping

from survey_app.domain.bilingual import Bilingual
from survey_app.domain.files.checked_table import CheckedTable
from survey_app.domain.files.survey_fields import ANSWERS, FEW, MANY
from survey_app.domain.files.written_value import SHARE, one_of, whole
from survey_app.domain.scheme import (
    AlertRule,
    Comparator,
    Component,
    Denominator,
    Design,
    Rate,
)

BASES = one_of(Denominator)
COMPARATORS = one_of(Comparator)


def rate(table: CheckedTable, source: Bilingual) -> Rate:
    """Return one share that is shown beside the scores."""
    return Rate(
        key=table.name("key"),
        label=table.words("label"),
        component=table.text("component"),
        choices=table.names("choices"),
        denominator=table.stated("denominator", BASES, default=Denominator.VALID),
        source=table.source(default=source),
    )


def alert_rule(
    table: CheckedTable, components: Mapping[str, Component], source: Bilingual
) -> AlertRule:
    """Return one alert rule; its minimum follows from how its raters were chosen."""
    component, groups = table.text("component"), table.names("rater_groups")
    few = only_rosters(components.get(component), groups)
    return AlertRule(
        key=table.name("key"),
        label=table.words("label"),
        component=component,
        questions=table.names("questions"),
        choices=table.names("choices"),
        comparator=table.stated(
            "comparator", COMPARATORS, default=Comparator.MORE_THAN
        ),
        threshold=table.stated("threshold", SHARE),
        denominator=table.stated("denominator", BASES, default=Denominator.VALID),
        rater_groups=groups,
        pooled=table.flag("pooled"),
        minimum_answers=table.stated(
            "minimum_answers", ANSWERS, default=FEW if few else MANY
        ),
        inverse_alpha=table.stated("inverse_alpha", whole(2, 1_000_000), default=40),
        source=table.source(default=source),
    )


def only_rosters(component: Component | None, groups: tuple[str, ...]) -> bool:
    """Return whether all raters named are known by a list."""
    known = component.survey.rater_groups if component and component.survey else ()
    designs = {group.design for group in known if group.key in groups}
    return designs == {Design.ROSTER}
