"""What translations are still worth after a questionnaire was changed.

A translation of a text that reads otherwise now says what nobody asks any more: it is
taken out, and the language lacks it until somebody translates anew. A text that only
moved, or whose choices are told first by another question now, keeps its words.
"""

from collections.abc import Mapping

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.questionnaire.choice_sets import SETS
from survey_app.domain.questionnaire.sketch import Sketch
from survey_app.domain.questionnaire.translation import Translation


def carried(before: Sketch, after: Sketch) -> tuple[Translation, ...]:
    """Return the translations of before with what of them still holds after."""
    old, new = _places(before), _places(after)
    if old == new:
        return before.translations
    again = {(_last(place), said): place for place, said in old.items()}
    source: dict[str, str] = {}
    for place, said in new.items():
        same = place if old.get(place) == said else again.get((_last(place), said), "")
        source[place] = same
    return tuple(_carried(one, old, source) for one in before.translations)


def _carried(
    one: Translation, old: Mapping[str, Bilingual], source: Mapping[str, str]
) -> Translation:
    told = one.by_place
    kept = {place: told[was] for place, was in source.items() if was in told}
    page = {place: text for place, text in told.items() if place not in old}
    return Translation(one.language, tuple((page | kept).items()))


def _last(place: str) -> str:
    """Return the end of a place: a choice keeps its key wherever it is told."""
    return place.rpartition(".")[2]


def _places(sketch: Sketch) -> dict[str, Bilingual]:
    """Return place → text, as `translation.places_of` has it, of drafts too."""
    said = {"title": sketch.title, "introduction": sketch.introduction}
    for section in sketch.sections:
        said[f"sections.{section.key}.title"] = section.title
        if section.introduction:
            said[f"sections.{section.key}.introduction"] = section.introduction
    known, told = {**SETS, **sketch.sets}, set()
    for one in sketch.questions:
        said[f"questions.{one.key}.text"] = one.text
        choices = known.get(one.choices, ()) if one.has_choices else ()
        if choices and choices not in told:
            told.add(choices)
            for choice in choices:
                said[f"choices.{one.key}.{choice.key}"] = choice.label
    if sketch.comment_prompt:
        said["comment.prompt"] = sketch.comment_prompt
    return said
