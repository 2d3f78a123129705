"""Fields that hold several settings of a scheme: weights of both posts, points, checks.

Without script nobody can add a line to a page: some empty lines stand at the end, and
what was saved gets new ones.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext
from wtforms import FieldList, Form, FormField, SelectField, StringField

from survey_app.domain.ground.toml_text import Tree
from survey_app.forms.required import narrow
from survey_app.forms.scheme.stated_fields import (
    SHORT,
    BothField,
    StatedField,
    StatedForm,
    both_of,
    label_of,
    offer,
    shown_value,
    stated_data,
    stated_of,
)

SPARE = 2
"""Empty lines at the end."""
MOST_LINES = 60
TRIMMED = ("highest", "lowest", "when_more_than")
POSTS = ("principal", "deputy")


class PostWeightForm(Form):
    """A weight for principal posts, and for deputy posts where it differs."""

    principal = FormField(StatedForm)
    deputy = FormField(StatedForm)


def weight_data(written: object) -> dict[str, Any]:
    """Return what a form shows of a weight; the deputies' only where it differs."""
    apart = isinstance(written, dict) and bool(set(POSTS) & written.keys())
    if not isinstance(written, dict) or not apart:
        return {"principal": stated_data(written), "deputy": stated_data(None)}
    return {post: stated_data(written.get(post)) for post in POSTS}


def weight_of_data(said: Mapping[str, Any]) -> Tree | None:
    """Return a weight as the file has it; None where none was typed."""
    whole = {post: stated_of(said[post]) for post in POSTS}
    if whole["deputy"] is None:
        return whole["principal"]
    return {post: one for post, one in whole.items() if one is not None}


class WeightField(FormField):  # type: ignore[type-arg]  # to mypy alone
    """A weight of a component or a rater group."""

    look = "weight"

    def __init__(self, label: Any = None, **bound: Any) -> None:
        super().__init__(PostWeightForm, label, **bound)

    @classmethod
    def data_of(cls, written: object) -> Any:
        """Return what the field shows of the file's value."""
        return weight_data(written)

    def written(self) -> object:
        """Return what stands in the file; nothing where nothing was typed."""
        return weight_of_data(self.data)


class TrimForm(Form):
    """How many of the highest and the lowest ratings are left out, and when."""

    highest = StatedField(label_of("highest"))
    lowest = StatedField(label_of("lowest"))
    when_more_than = StatedField(label_of("when_more_than"))


class TrimField(FormField):  # type: ignore[type-arg]  # to mypy alone
    """Extremes that are left out, or nothing."""

    look = "group"

    def __init__(self, label: Any = None, **bound: Any) -> None:
        super().__init__(TrimForm, label, **bound)

    @classmethod
    def data_of(cls, written: object) -> Any:
        """Return what the field shows of the file's value."""
        told = written if isinstance(written, dict) else {}
        return {name: stated_data(told.get(name)) for name in TRIMMED}

    def written(self) -> object:
        """Return what stands in the file; nothing where nothing was typed."""
        told = {name: stated_of(self.data[name]) for name in TRIMMED}
        return {name: one for name, one in told.items() if one is not None}


class PointsForm(StatedForm):
    """A choice, or a question, and how much it is worth."""

    name = StringField(lazy_gettext("Short name"), validators=SHORT, filters=[narrow])


class PointsField(FieldList):  # type: ignore[type-arg]  # to mypy alone
    """Choices with their points, or questions with their weights."""

    look = "points"

    def __init__(self, label: Any = None, **bound: Any) -> None:
        super().__init__(FormField(PointsForm), label, max_entries=MOST_LINES, **bound)
        self.said: Mapping[str, str] = {}

    @classmethod
    def data_of(cls, written: object) -> Any:
        """Return what the field shows of the file's value."""
        if not isinstance(written, dict):
            return []
        return [{"name": name, **stated_data(one)} for name, one in written.items()]

    def lines(self, known: Mapping[str, str], *, spare: bool = True) -> None:
        """Add a line for everything known that has none.

        `spare`: where nothing is known some empty ones, to name it oneself.
        """
        self.said = known
        if len(self.entries) < MOST_LINES:
            there = {entry.data["name"] for entry in self.entries}
            more = [{"name": name} for name in known if name not in there]
            blank = [{"name": ""}] * (SPARE if spare and not known else 0)
            for one in [*more, *blank][: MOST_LINES - len(self.entries)]:
                self.append_entry(one)

    def written(self) -> object:
        """Return what stands in the file; nothing where nothing was typed."""
        lines = [entry.data for entry in self.entries]
        return {
            str(line["name"]): stated_of(line)
            for line in lines
            if line["name"] and line["value"]
        }


class NestedPointsField(PointsField):
    """Points by question and choice, or by question and band; "mean" of a question.

    A line is called by both short names with a dot between them.
    """

    @classmethod
    def data_of(cls, written: object) -> Any:
        """Return what the field shows of the file's value."""
        lines = []
        for name, inner in written.items() if isinstance(written, dict) else ():
            if not isinstance(inner, dict) or {"published", "assumed"} & inner.keys():
                lines.append({"name": name, **stated_data(inner)})
                continue
            for key, one in inner.items():
                lines.append({"name": f"{name}.{key}", **stated_data(one)})
        return lines

    def written(self) -> object:
        """Return what stands in the file; nothing where nothing was typed."""
        tree: Tree = {}
        for entry in self.entries:
            line = entry.data
            name, _, key = str(line["name"] or "").partition(".")
            if name and line["value"]:
                told = stated_of(line)
                inner = tree.setdefault(name, {}) if key else None
                if isinstance(inner, dict):
                    inner[key] = told
                else:
                    tree[name] = told
        return tree


class ProposedForm(StatedForm):
    """An alert rule, and the measure its text names."""

    name = StringField(lazy_gettext("Short name"), validators=SHORT, filters=[narrow])
    value: Any = SelectField(lazy_gettext("Value"), validate_choice=False)


class ProposesField(PointsField):
    """Alert rules with the measures that their texts name."""

    look = "points"

    def __init__(self, label: Any, words: Mapping[str, Any], **bound: Any) -> None:
        FieldList.__init__(
            self, FormField(ProposedForm), label, max_entries=MOST_LINES, **bound
        )
        self.said, self.words = {}, words

    def lines(self, known: Mapping[str, str], *, spare: bool = True) -> None:
        """Add a line for every alert rule that has none."""
        super().lines(known, spare=spare)
        for entry in self.entries:
            offer(entry.form["value"], self.words, usual=True)


class CheckForm(Form):
    """One thing that the verification looks into."""

    key = StringField(label_of("key"), validators=SHORT, filters=[narrow])
    label = BothField(label_of("label"))
    source = BothField(label_of("source"))


class ChecksField(FieldList):  # type: ignore[type-arg]  # to mypy alone
    """What the verification looks into, in its order."""

    look = "checks"

    def __init__(self, label: Any = None, **bound: Any) -> None:
        super().__init__(FormField(CheckForm), label, max_entries=MOST_LINES, **bound)

    @classmethod
    def data_of(cls, written: object) -> Any:
        """Return what the field shows of the file's value."""
        listed = written if isinstance(written, list) else []
        return [
            {
                "key": shown_value(one.get("key")),
                "label": BothField.data_of(one.get("label")),
                "source": BothField.data_of(one.get("source")),
            }
            for one in listed
            if isinstance(one, dict)
        ]

    def lines(self) -> None:
        """Add some empty lines."""
        for _ in range(min(SPARE, MOST_LINES - len(self.entries))):
            self.append_entry()

    def written(self) -> object:
        """Return what stands in the file; nothing where nothing was typed."""
        return list(_checks(entry.data for entry in self.entries))


def _checks(said: Iterable[Mapping[str, Any]]) -> Iterable[Tree]:
    """Yield every line in which something was typed."""
    for one in said:
        label, source = both_of(one["label"]), both_of(one["source"])
        if one["key"] or label:
            tree: Tree = {"key": one["key"] or "", "label": label}
            yield tree | ({"source": source} if source else {})
