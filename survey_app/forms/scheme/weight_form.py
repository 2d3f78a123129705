"""The weights of all components in one form, with what they add up to."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Self

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
)
from wtforms.validators import NumberRange

from survey_app.domain.ground.refusals import NotFound
from survey_app.domain.ground.toml_text import Tree
from survey_app.domain.ground.written_value import Misread, exact, in_digits
from survey_app.domain.scheme.draft_places import components_in, part_at
from survey_app.forms.required import choice, narrow
from survey_app.forms.scheme.list_fields import POSTS, weight_data, weight_of_data
from survey_app.forms.scheme.stated_fields import SHORT, STATUS

MOST_COMPONENTS = 200
APART = ""
"""Of a line whose two posts have different statuses."""


class WeightLineForm(Form):
    """The weight of one component."""

    place = HiddenField()
    principal = StringField(
        lazy_gettext("principal posts"), validators=SHORT, filters=[narrow]
    )
    deputy = StringField(
        lazy_gettext("deputy posts"), validators=SHORT, filters=[narrow]
    )
    status = SelectField(
        lazy_gettext("Status"),
        choices=[
            choice(APART, lazy_gettext("as they are")),
            *(choice(*s) for s in STATUS),
        ],
    )


@dataclass(frozen=True, slots=True)
class WeightSum:
    """What the weights of some components add up to, and what they should."""

    outer: str
    """The place of the sum they belong to; empty: the whole scheme."""
    found: Mapping[str, str]
    """Kind of post → the sum; empty where a weight cannot be read."""
    wanted: Mapping[str, str]

    @property
    def fits(self) -> bool:
        """Whether every sum is what it should be."""
        return bool(self.wanted) and self.found == self.wanted


class WeightsForm(FlaskForm):
    """The weights of all components, in the order of the file."""

    seen = IntegerField(validators=[NumberRange(0, 10**9)])
    lines = FieldList(FormField(WeightLineForm), max_entries=MOST_COMPONENTS)

    @classmethod
    def of(cls, tree: Tree, seen: int) -> Self:
        """Return the form, filled with what stands in the file."""
        lines = [
            _line(place, one)
            for place, _, one in components_in(tree)
            if one.get("kind") != "points"
        ]
        return cls(data={"seen": seen, "lines": lines})

    def sums(self, tree: Tree) -> dict[str, WeightSum]:
        """Return the place of every sum → what its parts add up to as typed."""
        typed = {line.data["place"]: line.data for line in self.lines}
        outers = {"": tree.get("total")} | {
            place: typed.get(place)
            for place, _, one in components_in(tree)
            if one.get("kind") == "sum"
        }
        return {
            outer: WeightSum(outer, _sum(outer, typed.values()), _wanted(whole))
            for outer, whole in outers.items()
        }

    def name_lines(self, tree: Tree) -> None:
        """Refuse what names a component that is not there; raises NotFound."""
        for line in self.lines:
            part_at(tree, line.data["place"] or "-")


def _line(place: str, part: Mapping[str, object]) -> dict[str, Any]:
    said = weight_data(part.get("weight"))
    both = {said[post]["status"] for post in POSTS if said[post]["value"]}
    values = {post: said[post]["value"] for post in POSTS}
    status = both.pop() if len(both) == 1 else APART if both else "assumed"
    return {"place": place, **values, "status": status}


def weighed(tree: Tree, form: WeightsForm) -> Tree:
    """Return the tables with these weights; sources stay what they are."""
    copied = deepcopy(tree)
    for line in form.lines:
        place = line.data["place"]
        if not place:
            raise NotFound
        part = part_at(copied, place)
        said = weight_data(part.get("weight"))
        for post in POSTS:
            said[post]["value"] = line.data[post]
            said[post]["status"] = line.data["status"] or said[post]["status"]
        weight = weight_of_data(said)
        part.pop("weight", None)
        if weight is not None:
            part["weight"] = weight
    return copied


def _sum(outer: str, lines: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return kind of post → what the components right inside a sum add up to."""
    inside = [line for line in lines if _outer_of(line["place"]) == outer]
    return {
        post: _added(line[post] or line["principal"] for line in inside)
        for post in POSTS
    }


def _outer_of(place: str) -> str:
    return place.rpartition(".")[0]


def _added(typed: Iterable[str]) -> str:
    try:
        return in_digits(sum((exact(one) for one in typed), Fraction(0)))
    except Misread:
        return ""


def _wanted(whole: object) -> dict[str, str]:
    """Return kind of post → what a sum should be; nothing where that is unknown."""
    if isinstance(whole, dict) and "principal" in whole:
        typed = {post: whole[post] or whole["principal"] for post in POSTS}
    else:
        total = weight_data(whole)["principal"]["value"]
        typed = dict.fromkeys(POSTS, str(total))
    return {post: _added([one]) for post, one in typed.items()}
