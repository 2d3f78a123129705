"""From a questionnaire to its file: one text for one questionnaire, byte for byte.

What `read_questionnaire` makes of the text is the questionnaire again; a draft with
faults is written as it stands, so that the reader finds every fault where it is.
"""

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.toml_text import Tree, toml_text
from survey_app.domain.questionnaire.question import Choice, QuestionKind, Section
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.questionnaire.sketch import (
    Sketch,
    SketchedQuestion,
    sketch_of,
)
from survey_app.domain.questionnaire.translation import Translation


def questionnaire_text(questionnaire: Questionnaire) -> str:
    """Return the file of the questionnaire."""
    return sketch_text(sketch_of(questionnaire))


def sketch_text(sketch: Sketch) -> str:
    """Return the file of what is being written, faults and all."""
    return toml_text(_tree(sketch))


def _tree(sketch: Sketch) -> Tree:
    """Return the file as a table; what is as usual is left out."""
    tree: Tree = {
        "format": 1,
        "key": sketch.key,
        "version": sketch.version,
        "title": _both(sketch.title),
        "source": _both(sketch.source),
        "introduction": _both(sketch.introduction),
    }
    if sketch.comment_prompt:
        tree["comment"] = {"prompt": _both(sketch.comment_prompt)}
    sets = {name: list(map(_choice, one)) for name, one in sketch.used_sets.items()}
    several: Tree = {
        "sections": [_section(one) for one in sketch.sections],
        "choices": sets,
        "questions": [_question(one) for one in sketch.questions],
        "translations": [_translation(one) for one in sketch.translations],
    }
    return tree | {name: one for name, one in several.items() if one}


def _both(text: Bilingual) -> Tree:
    return {"zh": text.zh.strip(), "en": text.en.strip()}


def _translation(one: Translation) -> Tree:
    return {"language": one.language, "texts": dict(one.texts)}


def _section(section: Section) -> Tree:
    tree: Tree = {"key": section.key, "title": _both(section.title)}
    if section.introduction:
        tree["introduction"] = _both(section.introduction)
    return tree


def _choice(choice: Choice) -> Tree:
    return {"key": choice.key, "label": _both(choice.label)}


def _question(one: SketchedQuestion) -> Tree:
    tree: Tree = {"key": one.key, "text": _both(one.text)}
    if one.kind != QuestionKind.RATING:
        tree["kind"] = one.kind
    if one.choices and one.has_choices:
        tree["choices"] = one.choices
    if one.optional:
        tree["optional"] = True
    if one.section:
        tree["section"] = one.section
    if one.asked_after:
        choices = sorted(set(one.asked_if))
        tree["show_if"] = {"question": one.asked_after, "choices": choices}
    if one.bands and one.kind == QuestionKind.NUMBER:
        tree["bands"] = list(one.bands)
    return tree
