"""One form for each kind of part of a scheme: its settings in the order of the file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, IntegerField
from wtforms.validators import NumberRange

from survey_app.domain.ground.toml_text import Tree
from survey_app.domain.scheme.draft_places import IN_SURVEYS, LISTS, PartKind
from survey_app.forms.required import choice
from survey_app.forms.scheme.list_fields import ChecksField, PointsField
from survey_app.forms.scheme.part_fields import FIELDS
from survey_app.forms.scheme.stated_fields import offer

Pairs = Mapping[str, str]
"""Key → what people call it."""


@dataclass(frozen=True, slots=True)
class KnownKeys:
    """What a part may name, by what people call it."""

    questionnaires: Pairs = field(default_factory=dict)
    components: Pairs = field(default_factory=dict)
    questions: Pairs = field(default_factory=dict)
    weighed: Pairs = field(default_factory=dict)
    """Questions that enter the score, and so can have a weight."""
    choices: Pairs = field(default_factory=dict)
    rater_groups: Pairs = field(default_factory=dict)
    alerts: Pairs = field(default_factory=dict)
    singles: Pairs = field(default_factory=dict)
    """Question and choice, with a dot between them."""
    numbers: Pairs = field(default_factory=dict)
    """Question, or question and the lower end of a band, with a dot between them."""

    def of(self, name: str) -> Pairs:
        """Return what may be named in the field of this name."""
        told: Pairs = getattr(self, OFFERED[name])
        return told


OFFERED = {
    "questionnaire": "questionnaires",
    "component": "components",
    "questions": "questions",
    "question_weights": "weighed",
    "choices": "choices",
    "values": "choices",
    "singles": "singles",
    "numbers": "numbers",
    "rater_groups": "rater_groups",
    "proposes": "alerts",
}
"""Field → what of `KnownKeys` it may name."""


class SchemeActForm(FlaskForm):
    """An act upon a draft as it was seen, at one of its places."""

    place = HiddenField()
    seen = IntegerField(validators=[NumberRange(0, 10**9)])


class ArrangeForm(SchemeActForm):
    """A part of a scheme is added, taken out or moved."""

    act = HiddenField()
    kind = HiddenField()


class PartForm(SchemeActForm):
    """The settings of one part; see `part_form`."""

    names: tuple[str, ...] = ()

    @classmethod
    def of(cls, part: Tree, place: str, seen: int, known: KnownKeys) -> Self:
        """Return the form, filled with what stands in the file."""
        data = {
            name: _class_of(cls, name).data_of(part[name])
            for name in cls.names
            if name in part
        }
        form = cls(data=data | {"place": place, "seen": seen})
        for name in cls.names:
            _let_choose(form[name], name, known)
        return form

    def typed(self) -> Tree:
        """Return what was typed as the file has it; what is usual is left out."""
        told = {name: _written(self[name]) for name in self.names}
        return {name: value for name, value in told.items() if value}

    @property
    def settings(self) -> Iterable[Field]:
        """The fields that stand for something in the file."""
        return [self[name] for name in self.names]


def _written(one: Any) -> object:
    return one.written()


def _class_of(form: type[PartForm], name: str) -> Any:
    return getattr(form, name).field_class


def _let_choose(one: Any, name: str, known: KnownKeys) -> None:
    """Let a field name what is there."""
    if isinstance(one, PointsField):
        one.lines(known.of(name), spare=not known.questions)
    elif isinstance(one, ChecksField):
        one.lines()
    elif name in OFFERED and hasattr(one, "choices"):
        offer(one, known.of(name))
        if one.look == "select":
            one.choices = [choice("", "—"), *one.choices]


def part_form(kind: PartKind, part: Mapping[str, object]) -> type[PartForm]:
    """Return the form for a part of this kind, with the fields that mean something.

    A component has those of its own kind, and those in which something stands.
    """
    fields = FIELDS[kind]
    names = tuple(
        name
        for name, (_, kinds) in fields.items()
        if not kinds or part.get("kind") in kinds or name in part
    )
    made: dict[str, Any] = {name: fields[name][0] for name in names}
    return type(f"{kind.name.title()}Form", (PartForm,), {**made, "names": names})


def strange_keys(kind: PartKind, part: Mapping[str, object]) -> list[str]:
    """Return what stands in a part and has no field: saving takes it out."""
    known = {*FIELDS[kind], "format"}
    if kind is PartKind.HEAD:
        known |= {"values", "review", "adjustments", "disclosure", *LISTS}
    if kind is PartKind.COMPONENT:
        known |= {*IN_SURVEYS, "components"}
    return [key for key in part if key not in known]
