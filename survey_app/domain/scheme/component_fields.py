"""The part of a scheme file that lists the components of the overall score."""

from collections.abc import Iterator
from fractions import Fraction

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.stated import Stated
from survey_app.domain.ground.toml_table import CheckedTable
from survey_app.domain.ground.written_value import number, one_of
from survey_app.domain.scheme.scheme import (
    Component,
    ComponentKind,
    SubjectKind,
    Weight,
    WhenEmpty,
)
from survey_app.domain.scheme.survey_rules_file import (
    EMPTY,
    SURVEY_KEYS,
    ValueSets,
    survey_rules,
    weight_of,
)
from survey_app.domain.scheme.total_rules import WITHIN_FULL_MARKS, Bounds

FULL_MARKS = number(1)
HUNDRED = Fraction(100)


class ComponentReader:
    """Reads components, nested ones too; knows what they take over from the scheme."""

    def __init__(
        self, sets: ValueSets, subject: SubjectKind, source: Bilingual
    ) -> None:
        self.sets = sets
        self.subject = subject
        self.source = source

    def components(self, table: CheckedTable) -> tuple[Component, ...]:
        """Return the components listed in a table."""
        return tuple(self.component(one) for one in table.tables("components"))

    def component(self, table: CheckedTable) -> Component:
        """Return one component with everything inside it."""
        kind = kind_of(table)
        self.refuse_out_of_place(table, kind)
        weight = None if kind is ComponentKind.POINTS else weight_of(table)
        is_survey = kind is ComponentKind.SURVEY
        return Component(
            key=table.name("key"),
            label=table.words("label"),
            kind=kind,
            about=table.word("about", SubjectKind, default=self.about(kind)),
            weight=weight,
            full_marks=full_marks(table, kind, weight),
            when_missing=table.stated("when_missing", EMPTY, default=WhenEmpty.BLOCK),
            source=table.source(default=self.source),
            components=self.components(table) if kind is ComponentKind.SUM else (),
            survey=survey_rules(table, self.sets) if is_survey else None,
            bounds=table.stated(
                "bounds", one_of(Bounds), default=WITHIN_FULL_MARKS.value
            ),
        )

    def about(self, kind: ComponentKind) -> SubjectKind:
        """Return whom a component is about when it does not say."""
        whole_body = kind is ComponentKind.LEADING_BODY
        return SubjectKind.LEADING_BODY if whole_body else self.subject

    def refuse_out_of_place(self, table: CheckedTable, kind: ComponentKind) -> None:
        """Note every key that a component of this kind cannot have."""
        if kind is not ComponentKind.SURVEY:
            for key in SURVEY_KEYS:
                table.forbid(key, f'only a component of kind "survey" has {key}')
        if kind is not ComponentKind.SUM:
            table.forbid("components", 'only a component of kind "sum" has components')
        else:
            table.forbid("full_marks", "a sum is out of its own weight")
        if kind is ComponentKind.POINTS:
            table.forbid("weight", "direct points are added as they are")


def kind_of(table: CheckedTable) -> ComponentKind:
    """Return the kind; where it is unreadable, what the other keys look like."""
    kind = table.plain("kind", one_of(ComponentKind))
    if not table.faults.doubts(table.at("kind")):
        return kind
    if "components" in table.content:
        return ComponentKind.SUM
    if any(key in table.content for key in SURVEY_KEYS):
        return ComponentKind.SURVEY
    return ComponentKind.GIVEN if "weight" in table.content else ComponentKind.POINTS


def full_marks(
    table: CheckedTable, kind: ComponentKind, weight: Weight | None
) -> Stated[Fraction]:
    """Return what the component's value is out of: 100 unless the file says."""
    if kind is ComponentKind.SUM and weight is not None:
        return weight.principal
    if kind is ComponentKind.POINTS:
        return table.stated("full_marks", FULL_MARKS)
    return table.stated("full_marks", FULL_MARKS, default=HUNDRED)


def placed(
    components: tuple[Component, ...], where: str = "components"
) -> Iterator[tuple[str, Component]]:
    """Yield every component at any depth, with its place in the file."""
    for n, component in enumerate(components):
        place = f"{where}[{n}]"
        yield place, component
        yield from placed(component.components, f"{place}.components")
