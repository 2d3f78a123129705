"""Fields for the settings of a scheme: what was typed, its status and its source.

Each knows how the file's value looks in it, and what it writes into the file. What is
wrong is written as it was typed: a draft may be faulty, and its reader says so.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext
from wtforms import (
    BooleanField,
    Form,
    FormField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length

from survey_app.domain.ground.toml_text import Tree
from survey_app.forms.required import choice, narrow, stripped
from survey_app.forms.scheme.setting_words import LABELS

PUBLISHED, ASSUMED = "published", "assumed"
STATUS = (
    (ASSUMED, lazy_gettext("assumed")),
    (PUBLISHED, lazy_gettext("published")),
)
LONG = [Length(max=2000, message=lazy_gettext("This is too long."))]
SHORT = [Length(max=200, message=lazy_gettext("This is too long."))]


def shown_value(written: object) -> str:
    """Return a single value of a file as somebody would type it."""
    if isinstance(written, str):
        return written
    return "" if written is None else str(written)


class KeyField(StringField):
    """A key word, or another text in one line."""

    look = "text"

    @classmethod
    def data_of(cls, written: object) -> Any:
        """Return what the field shows of the file's value."""
        return shown_value(written)

    def written(self) -> object:
        """Return what stands in the file; nothing where nothing was typed."""
        return narrow(self.data)


class BothForm(Form):
    """A text in the two languages."""

    zh = StringField(lazy_gettext("Chinese"), validators=LONG, filters=[stripped])
    en = StringField(lazy_gettext("English"), validators=LONG, filters=[stripped])


class BothField(FormField):  # type: ignore[type-arg]  # to mypy alone
    """A text in the two languages, or a source that serves both."""

    look = "both"

    def __init__(self, label: Any = None, **bound: Any) -> None:
        super().__init__(BothForm, label, **bound)

    @classmethod
    def data_of(cls, written: object) -> Any:
        """Return what the field shows of the file's value."""
        if isinstance(written, dict):
            return {one: shown_value(written.get(one)) for one in ("zh", "en")}
        return {"zh": shown_value(written), "en": shown_value(written)}

    def written(self) -> object:
        """Return what stands in the file; nothing where nothing was typed."""
        return both_of(self.data)


def both_of(said: Mapping[str, Any]) -> object:
    """Return a text in two languages, each that was typed."""
    return {one: said[one] for one in ("zh", "en") if said.get(one)}


class StatedForm(Form):
    """A value, whether it was published, and where."""

    value: Any = StringField(lazy_gettext("Value"), validators=SHORT, filters=[narrow])
    status = SelectField(
        lazy_gettext("Status"),
        choices=[choice(*one) for one in STATUS],
        default=ASSUMED,
    )
    zh = StringField(
        lazy_gettext("Source in Chinese"), validators=LONG, filters=[stripped]
    )
    en = StringField(
        lazy_gettext("Source in English"), validators=LONG, filters=[stripped]
    )


def stated_data(written: object) -> dict[str, Any]:
    """Return what a form shows of a value with its status."""
    if not isinstance(written, dict):
        return {"value": shown_value(written), "status": ASSUMED, "zh": "", "en": ""}
    published = PUBLISHED in written
    value = written.get(PUBLISHED if published else ASSUMED)
    source: dict[str, Any] = BothField.data_of(written.get("source"))
    status = PUBLISHED if published else ASSUMED
    return {"value": value if isinstance(value, list) else shown_value(value),
            "status": status, **source}  # fmt: skip


def stated_of(said: Mapping[str, Any]) -> Tree | None:
    """Return a value with its status as the file has it; None: nothing was typed."""
    if not said["value"]:
        return None
    tree: Tree = {str(said["status"] or ASSUMED): said["value"]}
    source = both_of(said)
    if source:
        tree["source"] = source
    return tree


class StatedField(FormField):  # type: ignore[type-arg]  # to mypy alone
    """A number with its status."""

    look = "stated"
    inner: type[Form] = StatedForm

    def __init__(self, label: Any = None, **bound: Any) -> None:
        super().__init__(self.inner, label, **bound)

    @classmethod
    def data_of(cls, written: object) -> Any:
        """Return what the field shows of the file's value."""
        return stated_data(written)

    def written(self) -> object:
        """Return what stands in the file; nothing where nothing was typed."""
        return stated_of(self.data)


class StatedWordForm(StatedForm):
    """One of some words, whether it was published, and where."""

    value: Any = SelectField(lazy_gettext("Value"), validate_choice=False)


class StatedWordField(StatedField):
    """One of some words with its status; nothing chosen means the usual."""

    inner = StatedWordForm

    def __init__(self, label: Any, words: Mapping[str, str], **bound: Any) -> None:
        super().__init__(label, **bound)
        self.offered = words

    def process(self, *sent: Any, **more: Any) -> None:
        """Fill the form and let the words be chosen, an unknown one that stands too."""
        super().process(*sent, **more)
        field: Any = self.form["value"]
        offer(field, self.offered, usual=True)


class StatedNamesForm(StatedForm):
    """Some words, whether that was published, and where."""

    value: Any = SelectMultipleField(lazy_gettext("Value"), validate_choice=False)


class StatedNamesField(StatedField):
    """Some words in the order in which they are offered, with their status."""

    look = "stated_names"
    inner = StatedNamesForm

    def __init__(self, label: Any, words: Mapping[str, str], **bound: Any) -> None:
        super().__init__(label, **bound)
        self.offered = words

    def process(self, *sent: Any, **more: Any) -> None:
        """Fill the form and let the words be ticked."""
        super().process(*sent, **more)
        field: Any = self.form["value"]
        if isinstance(field.data, str):
            field.data = [field.data] if field.data else []
        offer(field, self.offered)


def offer(field: Any, words: Mapping[str, Any], *, usual: bool = False) -> None:
    """Let these words be chosen; what stands there stays, known or not."""
    data = field.data or []
    standing = [data] if isinstance(data, str) else list(data)
    more = {one: one for one in standing if one not in words}
    field.choices = [
        *([choice("", lazy_gettext("as usual"))] if usual else []),
        *(choice(key, said) for key, said in {**words, **more}.items()),
    ]


class WordField(SelectField):
    """One of some words; nothing chosen means the usual."""

    look = "select"

    def __init__(
        self, label: Any, words: Mapping[str, Any], *, usual: bool = True, **bound: Any
    ) -> None:
        super().__init__(label, choices=[], validate_choice=False, **bound)
        self.offered, self.usual = words, usual

    def process(self, *sent: Any, **more: Any) -> None:
        """Take what was sent and let the words be chosen."""
        super().process(*sent, **more)
        offer(self, self.offered, usual=self.usual)

    @classmethod
    def data_of(cls, written: object) -> Any:
        """Return what the field shows of the file's value."""
        return shown_value(written)

    def written(self) -> object:
        """Return what stands in the file; nothing where nothing was chosen."""
        return self.data


class NamesField(SelectMultipleField):
    """Some key words, each to be ticked."""

    look = "names"

    def __init__(self, label: Any, **bound: Any) -> None:
        super().__init__(label, choices=[], validate_choice=False, **bound)

    @classmethod
    def data_of(cls, written: object) -> Any:
        """Return what the field shows of the file's value."""
        listed = written if isinstance(written, list) else [written]
        return [str(one) for one in listed if one is not None]

    def written(self) -> object:
        """Return what stands in the file; nothing where nothing was ticked."""
        return list(self.data or [])


class FlagField(BooleanField):
    """Yes, or nothing."""

    look = "flag"

    @classmethod
    def data_of(cls, written: object) -> Any:
        """Return what the field shows of the file's value."""
        return bool(written)

    def written(self) -> object:
        """Return what stands in the file; nothing where it was not ticked."""
        return bool(self.data)


class DaysField(TextAreaField):
    """Days, one a line."""

    look = "days"

    @classmethod
    def data_of(cls, written: object) -> Any:
        """Return what the field shows of the file's value."""
        listed = written if isinstance(written, list) else [written]
        return "\n".join(str(one) for one in listed if one is not None)

    def written(self) -> object:
        """Return the days that can be read; what is none stays a text."""
        return [_day(line) for line in (self.data or "").split()]


def _day(line: str) -> object:
    try:
        return date.fromisoformat(line)
    except ValueError:
        return line


def label_of(key: str) -> Any:
    """Return what people call the setting with this key."""
    return lazy_gettext(LABELS[key])


def words_of(words: Mapping[str, str]) -> dict[str, Any]:
    """Return what people call these words, when it is said."""
    return {key: lazy_gettext(said) for key, said in words.items()}
