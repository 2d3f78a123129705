"""A questionnaire being written, as a browser sends it: fields ⇄ a sketch.

Everything comes with every press of a button, so that nothing typed is ever lost; `do`
says which button it was. Rows may have been dragged: each says its place.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length

from survey_app.domain.ground.bilingual import UNSAID, Bilingual
from survey_app.domain.questionnaire.question import Choice, QuestionKind, Section
from survey_app.domain.questionnaire.sketch import Sketch, SketchedQuestion
from survey_app.forms.required import choice, one_line, stripped

OWN_WORDING = Bilingual("题目文字由本单位拟定", "the wording is this office's own")
"""Stands at the end of the source of whatever nobody published."""
ASSUMED, PUBLISHED = "assumed", "published"
MOST_ROWS = 120
"""Questions, sections, sets, and choices of one: more is no questionnaire."""
LONGEST, LONGEST_TEXT = 200, 2000


def _line(label: Any = "") -> StringField:
    return StringField(label, validators=[Length(max=LONGEST)], filters=[one_line])


def _lines(label: Any = "") -> TextAreaField:
    return TextAreaField(
        label, validators=[Length(max=LONGEST_TEXT)], filters=[stripped]
    )


class PlacedRow(Form):
    """A row that knows where it stands."""

    place = IntegerField(default=0)


class ChoiceRow(PlacedRow):
    """One choice of a set; an empty one is none."""

    key = _line(lazy_gettext("Key"))
    zh = _line(lazy_gettext("Chinese"))
    en = _line(lazy_gettext("English"))


class SetRow(Form):
    """A set of choices under its name."""

    name = HiddenField()
    choices = FieldList(FormField(ChoiceRow), max_entries=MOST_ROWS)


class SectionRow(PlacedRow):
    """One section."""

    key = _line(lazy_gettext("Key"))
    zh = _line(lazy_gettext("Title in Chinese"))
    en = _line(lazy_gettext("Title in English"))
    introduction_zh = _lines(lazy_gettext("Introduction in Chinese (may be empty)"))
    introduction_en = _lines(lazy_gettext("Introduction in English (may be empty)"))


class QuestionRow(PlacedRow):
    """One question."""

    key = _line(lazy_gettext("Key"))
    zh = _lines(lazy_gettext("Question in Chinese"))
    en = _lines(lazy_gettext("Question in English"))
    kind = SelectField(
        lazy_gettext("How it is answered"),
        choices=[choice(one.value, one.value) for one in QuestionKind],
        default=QuestionKind.RATING.value,
        validate_choice=False,
    )
    choices = SelectField(lazy_gettext("Choices"), validate_choice=False, default="")
    optional = BooleanField(lazy_gettext("May be left empty"))
    section = SelectField(lazy_gettext("Section"), validate_choice=False, default="")
    asked_after = SelectField(lazy_gettext("Asked"), validate_choice=False, default="")
    asked_if = SelectMultipleField(
        lazy_gettext("Only after one of these answers"), validate_choice=False
    )
    bands = _line(lazy_gettext("Lower ends of the bands"))


class QuestionnaireForm(FlaskForm):
    """The whole questionnaire."""

    do = HiddenField(default="save")
    seen = IntegerField(default=0)
    key = _line(lazy_gettext("Key"))
    title_zh = _line(lazy_gettext("Title in Chinese"))
    title_en = _line(lazy_gettext("Title in English"))
    introduction_zh = _lines(lazy_gettext("Introduction in Chinese"))
    introduction_en = _lines(lazy_gettext("Introduction in English"))
    origin = SelectField(
        lazy_gettext("Wording of the questions"),
        choices=[
            choice(PUBLISHED, lazy_gettext("as published")),
            choice(ASSUMED, lazy_gettext("written here")),
        ],
        default=ASSUMED,
    )
    source_zh = _lines(lazy_gettext("Source in Chinese"))
    source_en = _lines(lazy_gettext("Source in English"))
    comment_zh = _line(lazy_gettext("Above the comment, in Chinese (may be empty)"))
    comment_en = _line(lazy_gettext("Above the comment, in English (may be empty)"))
    sections = FieldList(FormField(SectionRow), max_entries=MOST_ROWS)
    questions = FieldList(FormField(QuestionRow), max_entries=MOST_ROWS)
    sets = FieldList(FormField(SetRow), max_entries=MOST_ROWS)

    @classmethod
    def of(cls, sketch: Sketch, *, seen: int) -> "QuestionnaireForm":
        """Return the form filled with what was typed so far."""
        source, origin = _without_own_words(sketch.source)
        return cls(
            formdata=None,
            data={
                "seen": seen,
                "key": sketch.key,
                **_in_two("title", sketch.title),
                **_in_two("introduction", sketch.introduction),
                **_in_two("source", source),
                **_in_two("comment", sketch.comment_prompt),
                "origin": origin,
                "sections": [_section_data(one) for one in sketch.sections],
                "questions": [_question_data(one) for one in sketch.questions],
                "sets": [
                    {"name": name, "choices": [*map(_choice_data, choices), {}, {}]}
                    for name, choices in sketch.used_sets.items()
                ],
            },
        )

    def sketch(self, before: Sketch, *, key_stays: bool) -> Sketch:
        """Return what was typed; key and version are those of before, where they stay.

        A number of bands that is none is kept as no bands.
        """
        return Sketch(
            key=before.key if key_stays else str(self.key.data or before.key),
            version=before.version,
            title=_both(self.title_zh, self.title_en),
            introduction=_both(self.introduction_zh, self.introduction_en),
            source=self._source(),
            comment_prompt=_both(self.comment_zh, self.comment_en),
            sections=tuple(map(_section_of, _placed(self.sections))),
            sets={
                str(one.form.name.data): tuple(_choices_of(one.form))
                for one in self.sets
                if one.form.name.data
            },
            questions=tuple(map(_question_of, _placed(self.questions))),
            translations=before.translations,
        )

    def _source(self) -> Bilingual:
        typed = _both(self.source_zh, self.source_en)
        if self.origin.data == PUBLISHED:
            return typed
        if _says_whose(typed):
            return typed
        zh = f"{typed.zh}；{OWN_WORDING.zh}" if typed.zh else OWN_WORDING.zh
        en = f"{typed.en}; {OWN_WORDING.en}" if typed.en else OWN_WORDING.en
        return Bilingual(zh, en)


def fits(sketch: Sketch) -> bool:
    """Return whether the form has rows for all of it; a file may hold far more."""
    rows = (sketch.questions, sketch.sections, sketch.sets, *sketch.sets.values())
    return all(len(one) <= MOST_ROWS - 2 for one in rows)


def _without_own_words(source: Bilingual) -> tuple[Bilingual, str]:
    """Return the source without the words that say nobody published the wording."""
    if not source:
        return UNSAID, ASSUMED
    if not source.zh.endswith(OWN_WORDING.zh) or not source.en.endswith(OWN_WORDING.en):
        return source, ASSUMED if _says_whose(source) else PUBLISHED
    zh = source.zh.removesuffix(OWN_WORDING.zh).rstrip("；")
    en = source.en.removesuffix(OWN_WORDING.en).rstrip("; ")
    return Bilingual(zh, en), ASSUMED


def _says_whose(source: Bilingual) -> bool:
    """Return whether it ends by saying that somebody who writes forms wrote this."""
    return source.zh.endswith("拟定") and source.en.endswith("own")


def _placed(rows: Iterable[Any]) -> list[Any]:
    """Return the rows in the order of their places, as sent where those are equal."""
    forms = [one.form for one in rows]
    return sorted(forms, key=lambda one: one.place.data or 0)


def _both(zh: Any, en: Any) -> Bilingual:
    return Bilingual(str(zh.data or ""), str(en.data or ""))


def _in_two(name: str, text: Bilingual) -> dict[str, str]:
    return {f"{name}_zh": text.zh, f"{name}_en": text.en}


def _section_data(one: Section) -> dict[str, Any]:
    introduction = _in_two("introduction", one.introduction or UNSAID)
    return {"key": one.key, "zh": one.title.zh, "en": one.title.en, **introduction}


def _section_of(row: Any) -> Section:
    introduction = _both(row.introduction_zh, row.introduction_en)
    return Section(str(row.key.data), _both(row.zh, row.en), introduction or None)


def _choice_data(one: Choice) -> dict[str, str]:
    return {"key": one.key, "zh": one.label.zh, "en": one.label.en}


def _choices_of(row: Any) -> Iterator[Choice]:
    """Yield the choices somebody filled in; who named none a key is given one."""
    taken = {str(one.form.key.data) for one in row.choices}
    for number, one in enumerate(_placed(row.choices), start=1):
        label = _both(one.zh, one.en)
        if label or one.key.data:
            yield Choice(str(one.key.data or "") or _free(number, taken), label)


def _free(number: int, taken: set[str]) -> str:
    numbers = range(number, number + MOST_ROWS + 1)
    found = next(key for n in numbers if (key := f"choice_{n}") not in taken)
    taken.add(found)
    return found


def _question_data(one: SketchedQuestion) -> dict[str, Any]:
    return {
        "key": one.key,
        "zh": one.text.zh,
        "en": one.text.en,
        "kind": one.kind,
        "choices": one.choices,
        "optional": one.optional,
        "section": one.section,
        "asked_after": one.asked_after,
        "asked_if": list(one.asked_if),
        "bands": ", ".join(map(str, one.bands)),
    }


def _question_of(row: Any) -> SketchedQuestion:
    numbers = str(row.bands.data or "").replace("，", ",").replace("、", ",").split(",")
    lows = [one.strip() for one in numbers if one.strip()]
    return SketchedQuestion(
        key=str(row.key.data or ""),
        text=_both(row.zh, row.en),
        kind=str(row.kind.data),
        choices=str(row.choices.data or ""),
        optional=bool(row.optional.data),
        section=str(row.section.data or ""),
        asked_after=str(row.asked_after.data or ""),
        asked_if=tuple(map(str, row.asked_if.data or ())),
        bands=tuple(int(one) if one.isdecimal() else -1 for one in lows),
    )
