"""A questionnaire in one more language: complete, or not offered at all.

Every text that somebody who answers can meet has a place: the questionnaire's own, and
what the page says itself. Questions that offer the same choices share their words: the
place names the first of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from re import compile as pattern
from typing import TYPE_CHECKING

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.file_faults import Fault, nearest
from survey_app.domain.questionnaire.page_texts import QUESTIONS_PAGE
from survey_app.domain.questionnaire.page_texts_after import AFTER_PAGE, BALLOT_PAGE
from survey_app.domain.questionnaire.question import Choice, Question, Section
from survey_app.domain.questionnaire.tongues import TONGUES, Tongue

if TYPE_CHECKING:
    from survey_app.domain.questionnaire.questionnaire import Questionnaire

PAGE_TEXTS: Mapping[str, str] = {**QUESTIONS_PAGE, **AFTER_PAGE}
"""Place → our words, on every page of an open survey."""
LONGEST = 4000
"""Characters of one text."""
_GAP = pattern(r"%\((\w+)\)s")


@dataclass(frozen=True)
class Translation:
    """Every text of a questionnaire in one language."""

    language: str
    """One of `TONGUES`."""
    texts: tuple[tuple[str, str], ...]
    """(place, text), by place."""

    def __post_init__(self) -> None:
        """Sort the texts: their order means nothing."""
        object.__setattr__(self, "texts", tuple(sorted(self.texts)))

    @cached_property
    def by_place(self) -> Mapping[str, str]:
        """Place → text."""
        return dict(self.texts)

    @property
    def tongue(self) -> Tongue | None:
        """What is known of the language; None: nothing."""
        return TONGUES.get(self.language)

    @property
    def has_ballot(self) -> bool:
        """Whether a secret ballot can be cast in it."""
        return self.by_place.keys() >= BALLOT_PAGE.keys()

    @cached_property
    def page(self) -> Mapping[str, str]:
        """Our English words → what the page says instead."""
        ours = {**PAGE_TEXTS, **BALLOT_PAGE}
        told = self.by_place
        return {said: told[place] for place, said in ours.items() if place in told}


def places_of(questionnaire: "Questionnaire") -> dict[str, Bilingual]:
    """Return place → text of all that the questionnaire itself says, in its order."""
    said = {
        "title": questionnaire.title,
        "introduction": questionnaire.introduction,
    }
    for section in questionnaire.sections:
        said[f"sections.{section.key}.title"] = section.title
        if section.introduction:
            said[f"sections.{section.key}.introduction"] = section.introduction
    first = _first_with(questionnaire.questions)
    for question in questionnaire.questions:
        said[f"questions.{question.key}.text"] = question.text
        if question.choices and first[question.choices] == question.key:
            for choice in question.choices:
                said[f"choices.{question.key}.{choice.key}"] = choice.label
    if questionnaire.comment_prompt:
        said["comment.prompt"] = questionnaire.comment_prompt
    return said


def _first_with(questions: Iterable[Question]) -> dict[tuple[Choice, ...], str]:
    """Return choices → the key of the first question that offers just these."""
    first: dict[tuple[Choice, ...], str] = {}
    for question in questions:
        first.setdefault(question.choices, question.key)
    return first


def spoken(questionnaire: "Questionnaire", language: str) -> "Questionnaire | None":
    """Return the questionnaire with every text in this language, whoever reads it.

    None where it has no whole translation of that name.
    """
    found = translation_in(questionnaire, language)
    if found is None:
        return None
    told, first = found.by_place, _first_with(questionnaire.questions)

    def say(place: str) -> Bilingual:
        return Bilingual(told[place], told[place])

    def of_question(one: Question) -> Question:
        owner = first[one.choices]
        choices = tuple(
            Choice(c.key, say(f"choices.{owner}.{c.key}")) for c in one.choices
        )
        return replace(one, text=say(f"questions.{one.key}.text"), choices=choices)

    def of_section(one: Section) -> Section:
        place = f"sections.{one.key}"
        told = say(f"{place}.introduction") if one.introduction else None
        return Section(one.key, say(f"{place}.title"), told)

    prompt = say("comment.prompt") if questionnaire.comment_prompt else None
    return replace(
        questionnaire,
        title=say("title"),
        introduction=say("introduction"),
        questions=tuple(map(of_question, questionnaire.questions)),
        sections=tuple(map(of_section, questionnaire.sections)),
        comment_prompt=prompt,
        translations=(),
    )


def offered(
    questionnaire: "Questionnaire", *, on_ballot: bool = False
) -> tuple[Tongue, ...]:
    """Return the languages a page can be wholly in, in the order of the file.

    One lacks what a later program says besides: then it is not offered any more.
    """
    return tuple(
        one.tongue
        for one in questionnaire.whole
        if one.tongue and (one.has_ballot or not on_ballot)
    )


def translation_in(questionnaire: "Questionnaire", language: str) -> Translation | None:
    """Return the whole translation into this language; None: there is none."""
    return next((one for one in questionnaire.whole if one.language == language), None)


def whole_translations(questionnaire: "Questionnaire") -> tuple[Translation, ...]:
    """Return those that have every text a page can show, in the order of the file."""
    if not questionnaire.translations:
        return ()
    needed = places_of(questionnaire).keys() | PAGE_TEXTS.keys()
    translations = questionnaire.translations
    return tuple(one for one in translations if one.by_place.keys() >= needed)


def all_places(questionnaire: "Questionnaire") -> dict[str, Bilingual]:
    """Return every place with our words for it; of the page only the English ones.

    The places of a secret ballot come last: they may all be left empty.
    """
    ours = {**PAGE_TEXTS, **BALLOT_PAGE}
    page = {place: Bilingual("", said) for place, said in ours.items()}
    return places_of(questionnaire) | page


def translation_faults(questionnaire: "Questionnaire") -> Iterator[Fault]:
    """Yield what is wrong with the translations: all that lacks or is too much."""
    languages = [one.language for one in questionnaire.translations]
    for number, one in enumerate(questionnaire.translations):
        where = f"translations[{number}]"
        if one.tongue is None:
            wrong = f'the language "{one.language}" is not known here'
            yield Fault(f"{where}.language", wrong, nearest(one.language, TONGUES))
        elif one.language in languages[:number]:
            yield Fault(f"{where}.language", "is given twice", "remove one of the two")
        yield from _text_faults(questionnaire, one, f"{where}.texts")


def _text_faults(
    questionnaire: "Questionnaire", one: Translation, where: str
) -> Iterator[Fault]:
    told, known = one.by_place, all_places(questionnaire)
    some_of_ballot = told.keys() & BALLOT_PAGE.keys()
    for place, said in known.items():
        if place in told:
            gaps = set(_GAP.findall(said.en)) ^ set(_GAP.findall(told[place]))
            if place in {**PAGE_TEXTS, **BALLOT_PAGE} and gaps:
                wrong = f"%({min(gaps)})s must stand in it just as in the original"
                yield Fault(f"{where}.{place}", wrong, "copy it as it is")
        elif place not in BALLOT_PAGE or some_of_ballot:
            wrong = f'has no text in "{one.language}"'
            yield Fault(f"{where}.{place}", wrong, "translate it, or take it all out")
    for place in sorted(told.keys() - known.keys()):
        yield Fault(f"{where}.{place}", "nothing is said there", "remove it")
