"""In which language the terminal speaks: asked for, set, or that of the system."""

import os
from collections.abc import Callable, Mapping

import click

from survey_app.cli.translations_of import translations_of

CHINESE, ENGLISH = "zh", "en"
ASKED = "SURVEY_LANGUAGE"
META = "survey.language"


def language_of(environment: Mapping[str, str]) -> str:
    """Return zh or en: what SURVEY_LANGUAGE says, else the language of the system."""
    asked = environment.get(ASKED, "").lower()
    if asked in {CHINESE, ENGLISH}:
        return asked
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if told := environment.get(name, ""):
            return CHINESE if told.lower().startswith(CHINESE) else ENGLISH
    return ENGLISH


def translate() -> Callable[[str], str]:
    """Return what puts an English text into the language of this terminal."""
    context = click.get_current_context(silent=True)
    asked = context.meta.get(META) if context else None
    return translations_of(asked or language_of(os.environ))


LANGUAGE = click.option(
    "--language",
    type=click.Choice([CHINESE, ENGLISH]),
    expose_value=False,
    is_eager=True,
    callback=lambda context, _option, value: context.meta.update({META: value}),
    help="In which refusals are told; by default SURVEY_LANGUAGE, or the system's.",
)
