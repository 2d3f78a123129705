"""From the text of a questionnaire or scheme to what it says, whoever wrote it."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache

from survey_app.domain.ground.bilingual import UNSAID, Bilingual
from survey_app.domain.ground.file_faults import FileRefused, SchemeRefused
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.questionnaire.questionnaire_file import read_questionnaire
from survey_app.domain.scheme.scheme import Scheme
from survey_app.domain.scheme.scheme_checks import fit_faults
from survey_app.domain.scheme.scheme_file import read_scheme
from survey_app.rulebook.tables import QUESTIONNAIRE

REMEMBERED = 128
"""Texts whose meaning a process keeps at hand; a text never changes its meaning."""


@lru_cache(REMEMBERED)
def questionnaire_in(text: str, name: str) -> Questionnaire:
    """Return what the text says; QuestionnaireRefused names all its faults."""
    return read_questionnaire(text, file=name)


@lru_cache(REMEMBERED)
def scheme_in(text: str, name: str) -> Scheme:
    """Return what the text says; SchemeRefused names all its faults."""
    return read_scheme(text, file=name)


def fitting_scheme(text: str, name: str, asked: Mapping[str, Questionnaire]) -> Scheme:
    """Return the scheme; SchemeRefused where it does not fit its questionnaires."""
    scheme = scheme_in(text, name)
    if faults := fit_faults(scheme, asked):
        raise SchemeRefused(name, faults)
    return scheme


def rule_in(
    kind: str, text: str, name: str, asked: Mapping[str, Questionnaire]
) -> Questionnaire | Scheme:
    """Return what a text of this kind says; FileRefused names all its faults."""
    if kind == QUESTIONNAIRE:
        return questionnaire_in(text, name)
    return fitting_scheme(text, name, asked)


def faults_of(
    kind: str, text: str, name: str, asked: Mapping[str, Questionnaire]
) -> FileRefused | None:
    """Return the refusal with all that is wrong; None for a text without faults."""
    try:
        rule_in(kind, text, name, asked)
    except FileRefused as refused:
        return refused
    return None


def title_in(text: str) -> Bilingual:
    """Return the title as far as a draft has one; UNSAID where it has none."""
    try:
        said = tomllib.loads(text).get("title")
    except (ValueError, RecursionError):
        return UNSAID
    if not isinstance(said, dict):
        return UNSAID
    zh, en = (said.get(one) for one in ("zh", "en"))
    return Bilingual(*(one if isinstance(one, str) else "" for one in (zh, en)))
