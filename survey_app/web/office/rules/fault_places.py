"""Where a fault of a questionnaire stands in the editor, and how it is said there.

The reader of files speaks to whoever writes files; beside a field its author reads what
to do there.
"""

import re
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from survey_app.domain.ground.fault_words import fault_in_words
from survey_app.domain.ground.file_faults import Fault
from survey_app.domain.ground.marked import message
from survey_app.forms.questionnaire_form import QuestionnaireForm

SAID: tuple[tuple[str, str], ...] = (
    (r".* is not a text", message("Fill this in.")),
    (r"is missing", message("Fill this in.")),
    (
        r".* is no key",
        message("A key has small letters, digits and “_” only, a letter first."),
    ),
    (r'".*" is taken by .*', message("Another question has this key.")),
    (
        r"the form needs this word itself",
        message("This key cannot be taken: the form needs the word itself."),
    ),
    (
        r"no question stands in .*",
        message("No question stands in this section: put one in, or remove it."),
    ),
    (
        r"the questions of a section stand together",
        message(
            "Questions of one section stand together: move this one to the others."
        ),
    ),
    (r"two sections share a key", message("Another section has this key.")),
    (
        r"fewer than two ratings",
        message("Too few ratings: offer at least two besides “don't know”."),
    ),
    (r"fewer than two choices", message("Offer at least two choices.")),
    (r"two choices share a key", message("Two choices have the same key.")),
    (
        r"whoever cannot judge has no answer to give",
        message(
            "Whoever cannot judge has no answer to give: add a choice “不了解” with "
            "the key dont_know."
        ),
    ),
    (
        r"whoever ticks one of these and another says two things",
        message(
            "“Abstain” and “don't know” cannot be ticked beside others: take them out "
            "and let the question be left empty."
        ),
    ),
    (
        r"no earlier question has the key .*",
        message("The question it depends on must stand before this one."),
    ),
    (
        r'".*" is not answered with one choice',
        message("It can only depend on a rating or a single choice."),
    ),
    (r'".*" does not offer these', message("Tick at least one answer.")),
    (r"is empty or repeats itself", message("Tick at least one answer.")),
    (r"is not a list of key words", message("Tick at least one answer.")),
    (
        r"are no bands of at least 5 numbers each, the first from 0",
        message(
            "Write where each band begins: the first at 0, each at least 5 numbers "
            "wide, for example 0, 60, 70, 80, 90."
        ),
    ),
    (r"there are none", message("Ask at least one question.")),
    (
        r"more than \d+ are answered in words",
        message("Too many questions are answered in words: at most ten."),
    ),
    (r"there is no \[\[choices\..*", message("Choose what may be answered.")),
)
"""What the reader says → what the editor says."""
_SAID = tuple((re.compile(pattern, re.DOTALL), text) for pattern, text in SAID)
_PLACE = re.compile(
    r"(?P<list>sections|questions)\[(?P<at>\d+)\](?:\.(?P<rest>.*))?|"
    r"choices\.(?P<set>\w+)(?:\[(?P<row>\d+)\](?:\.(?P<of>.*))?)?|(?P<top>.*)"
)
_ROW = re.compile(r"(?P<list>questions|sections)-(?P<at>\d+)-")
_FIELDS = {
    "text": "zh", "title": "zh", "label": "zh", "show_if": "asked_after",
    "show_if.question": "asked_after", "show_if.choices": "asked_if",
    "text.zh": "zh", "text.en": "en", "title.zh": "zh", "title.en": "en",
    "label.zh": "zh", "label.en": "en", "introduction.zh": "introduction_zh",
    "introduction.en": "introduction_en", "introduction": "introduction_zh",
}  # fmt: skip
_TOP = {
    "title": "title_zh", "title.zh": "title_zh", "title.en": "title_en",
    "introduction": "introduction_zh", "introduction.zh": "introduction_zh",
    "introduction.en": "introduction_en", "source": "source_zh",
    "source.zh": "source_zh", "source.en": "source_en", "key": "key",
    "comment.prompt.zh": "comment_zh", "comment.prompt.en": "comment_en",
}  # fmt: skip


def place_faults(
    form: QuestionnaireForm, faults: Iterable[Fault]
) -> list[tuple[str, str]]:
    """Put each fault beside its field; return all as (id of the field, words).

    The id is empty where no field is meant.
    """
    told, untranslated = [], 0
    for fault in faults:
        if fault.where.startswith("translations["):
            untranslated += 1
            continue
        field, words = field_at(form, fault.where), said(fault)
        if field is not None:
            field.errors = (*field.errors, words)
        told.append((field.id if field is not None else "", _placed(field, words)))
    if untranslated:
        words = _(
            "Other languages: %(count)s texts to translate or to take out; see "
            "“Languages”.",
            count=untranslated,
        )
        told.append(("", words))
    return told


def _placed(field: Any, words: str) -> str:
    """Return the words for the list of all faults: where it is, then what to do."""
    if field is None:
        return words
    place = str(field.label.text)
    row = _ROW.match(field.id)
    if row:
        number = int(row["at"]) + 1
        which = {
            "questions": _("Question %(number)s", number=number),
            "sections": _("Section %(number)s", number=number),
        }.get(row["list"], "")
        place = _("%(which)s, %(place)s", which=which, place=place) if which else place
    return _("%(place)s: %(reason)s", place=place, reason=words)


def said(fault: Fault) -> str:
    """Return the fault as the editor says it, else as the reader of files does."""
    for pattern, text in _SAID:
        if pattern.fullmatch(fault.wrong):
            return _(text)
    return fault_in_words(fault, _)


def field_at(form: QuestionnaireForm, where: str) -> Any:
    """Return the field a place belongs to; None where there is none."""
    found = _PLACE.fullmatch(where)
    if found is None:
        return None
    if found["list"]:
        return _in_row(form[found["list"]], int(found["at"]), found["rest"] or "")
    if found["set"]:
        sets = {str(one.form.name.data): one.form for one in form.sets}
        own = sets.get(found["set"])
        if own is None:
            return None
        return _in_row(own.choices, int(found["row"] or 0), found["of"] or "")
    name = _TOP.get(found["top"])
    return form[name] if name else None


def _in_row(rows: Any, at: int, rest: str) -> Any:
    if at >= len(rows.entries):
        return None
    row = rows.entries[at].form
    name = _FIELDS.get(rest, rest)
    fields = row._fields
    return fields.get(name) or fields.get("zh")
