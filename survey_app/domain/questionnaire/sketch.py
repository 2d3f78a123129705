"""A questionnaire being written: whatever stands in it, faults and all.

A `Questionnaire` has no faults; what an author is still writing has. A sketch holds
every text as it was typed, and says the same as the TOML it is read from and written
to.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from survey_app.domain.ground.bilingual import UNSAID, Bilingual
from survey_app.domain.questionnaire.choice_sets import SETS, set_called
from survey_app.domain.questionnaire.question import (
    Choice,
    Question,
    QuestionKind,
    Section,
)
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.questionnaire.translation import Translation

Raw = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class SketchedQuestion:
    """One question as it was typed."""

    key: str
    text: Bilingual = UNSAID
    kind: str = QuestionKind.RATING.value
    choices: str = ""
    """The name of a set of choices."""
    optional: bool = False
    section: str = ""
    asked_after: str = ""
    """The key of the question it depends on; "": everybody is asked."""
    asked_if: tuple[str, ...] = ()
    bands: tuple[int, ...] = ()

    @property
    def has_choices(self) -> bool:
        """Whether something is chosen there."""
        return self.kind in {one.value for one in QuestionKind if one.has_choices}


@dataclass(frozen=True, slots=True)
class Sketch:
    """A whole questionnaire as it was typed."""

    key: str
    version: int
    title: Bilingual = UNSAID
    introduction: Bilingual = UNSAID
    source: Bilingual = UNSAID
    comment_prompt: Bilingual = UNSAID
    sections: tuple[Section, ...] = ()
    sets: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    questions: tuple[SketchedQuestion, ...] = ()
    translations: tuple[Translation, ...] = ()

    @property
    def used_sets(self) -> dict[str, tuple[Choice, ...]]:
        """The sets that some question offers, in the order they are first offered.

        A known name that was not written out means the set that everybody knows.
        """
        known = {**SETS, **self.sets}
        offered = (one.choices for one in self.questions if one.has_choices)
        return {name: known[name] for name in offered if name in known}

    def with_translations(self, told: tuple[Translation, ...]) -> "Sketch":
        """Return the same with these translations in the place of all others."""
        return replace(self, translations=told)

    def question(self, key: str) -> SketchedQuestion | None:
        """Return the question with this key; None: there is none."""
        return next((one for one in self.questions if one.key == key), None)


def sketch_of(questionnaire: Questionnaire) -> Sketch:
    """Return what an author of this questionnaire would have typed."""
    names = _names(questionnaire.questions)
    return Sketch(
        key=questionnaire.key,
        version=questionnaire.version,
        title=questionnaire.title,
        introduction=questionnaire.introduction,
        source=questionnaire.source,
        comment_prompt=questionnaire.comment_prompt or UNSAID,
        sections=questionnaire.sections,
        sets={name: choices for choices, name in names.items()},
        questions=tuple(_sketched(one, names) for one in questionnaire.questions),
        translations=questionnaire.translations,
    )


def _names(questions: Iterable[Question]) -> dict[tuple[Choice, ...], str]:
    """Return choices → the name of their set, that of a known one where it is one."""
    names: dict[tuple[Choice, ...], str] = {}
    for one in questions:
        if one.choices and one.choices not in names:
            name = set_called(one.choices) or f"choices_{len(names) + 1}"
            names[one.choices] = name
    return names


def _sketched(
    one: Question, names: Mapping[tuple[Choice, ...], str]
) -> SketchedQuestion:
    return SketchedQuestion(
        key=one.key,
        text=one.text,
        kind=one.kind.value,
        choices=names.get(one.choices, ""),
        optional=one.optional,
        section=one.section,
        asked_after=one.show_if.question if one.show_if else "",
        asked_if=one.show_if.choices if one.show_if else (),
        bands=one.bands,
    )


def sketch_in(said: Raw) -> Sketch:
    """Return what can be understood of a file's content; the rest is left empty."""
    sets = {
        name: _choices(rows)
        for name, rows in _table(said.get("choices")).items()
        if isinstance(rows, list)
    }
    questions: list[SketchedQuestion] = []
    for row in _rows(said.get("questions")):
        one = _question(row)
        if isinstance(row.get("choices"), list):
            name = f"of_{one.key or len(questions) + 1}"
            sets[name] = _choices(row["choices"])
            one = replace(one, choices=name)
        questions.append(one)
    version = said.get("version")
    return Sketch(
        key=_text(said.get("key")),
        version=version if isinstance(version, int) else 1,
        title=_words(said.get("title")),
        introduction=_words(said.get("introduction")),
        source=_words(said.get("source")),
        comment_prompt=_words(_table(said.get("comment")).get("prompt")),
        sections=tuple(_section(row) for row in _rows(said.get("sections"))),
        sets=sets,
        questions=tuple(questions),
        translations=tuple(map(_translation, _rows(said.get("translations")))),
    )


def _question(row: Raw) -> SketchedQuestion:
    depends, bands = _table(row.get("show_if")), row.get("bands")
    known = [one.value for one in QuestionKind]
    kind = _text(row.get("kind")) or QuestionKind.RATING.value
    return SketchedQuestion(
        key=_text(row.get("key")),
        text=_words(row.get("text")),
        kind=kind if kind in known else QuestionKind.RATING.value,
        choices=_text(row.get("choices")),
        optional=row.get("optional") is True,
        section=_text(row.get("section")),
        asked_after=_text(depends.get("question")),
        asked_if=tuple(_text(one) for one in _list(depends.get("choices"))),
        bands=tuple(one for one in _list(bands) if type(one) is int),
    )


def _translation(row: Raw) -> Translation:
    texts = {place: _text(one) for place, one in _table(row.get("texts")).items()}
    told = tuple((place, one) for place, one in texts.items() if one)
    return Translation(_text(row.get("language")), told)


def _section(row: Raw) -> Section:
    return Section(
        _text(row.get("key")),
        _words(row.get("title")),
        _words(row.get("introduction")) or None,
    )


def _choices(rows: object) -> tuple[Choice, ...]:
    return tuple(
        Choice(_text(row.get("key")), _words(row.get("label"))) for row in _rows(rows)
    )


def _words(written: object) -> Bilingual:
    if isinstance(written, str):
        return Bilingual(written.strip(), written.strip())
    both = _table(written)
    return Bilingual(_text(both.get("zh")), _text(both.get("en")))


def _text(written: object) -> str:
    return written.strip() if isinstance(written, str) else ""


def _table(written: object) -> Raw:
    return written if isinstance(written, dict) else {}


def _list(written: object) -> list[object]:
    return written if isinstance(written, list) else []


def _rows(written: object) -> list[Raw]:
    return [one for one in _list(written) if isinstance(one, dict)]
