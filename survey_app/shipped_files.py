"""The questionnaires and schemes that come with the checkout, by their key.

A key is looked up among the names of the files that are there; it is never made into
a path, so no key leads anywhere else.
"""

from collections.abc import Mapping
from pathlib import Path

from survey_app.domain.file_faults import SchemeRefused
from survey_app.domain.files.questionnaire_file import read_questionnaire
from survey_app.domain.files.scheme_file import read_scheme
from survey_app.domain.files.scheme_fit import misfits
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.refusals import (
    NotFound,
)
from survey_app.domain.scheme import Scheme

CONFIG = Path(__file__).resolve().parent.parent / "config"
QUESTIONNAIRES = CONFIG / "questionnaires"
SCHEMES = CONFIG / "schemes"


def shipped_questionnaire(key: str, *, folder: Path = QUESTIONNAIRES) -> Questionnaire:
    """Return the questionnaire; raises NotFound or QuestionnaireRefused."""
    file = _file(folder, key)
    return read_questionnaire(file.read_text("utf-8"), file=file.name)


def shipped_scheme(key: str, *, folder: Path = SCHEMES) -> Scheme:
    """Return the scheme; raises NotFound or SchemeRefused.

    A scheme that does not fit the questionnaires beside it is refused here, before a
    cycle can begin under it.
    """
    file = _file(folder, key)
    scheme = read_scheme(file.read_text("utf-8"), file=file.name)
    faults = misfits(scheme, shipped_questionnaires())
    if faults:
        raise SchemeRefused(file.name, faults)
    return scheme


def shipped_questionnaires(
    *, folder: Path = QUESTIONNAIRES
) -> Mapping[str, Questionnaire]:
    """Return every questionnaire by its key; raises QuestionnaireRefused."""
    return {key: shipped_questionnaire(key, folder=folder) for key in keys_in(folder)}


def shipped_schemes(*, folder: Path = SCHEMES) -> tuple[Scheme, ...]:
    """Return every scheme in the order of the keys; raises SchemeRefused."""
    return tuple(shipped_scheme(key, folder=folder) for key in keys_in(folder))


def keys_in(folder: Path) -> tuple[str, ...]:
    """Return the keys of the files in this folder, sorted."""
    return tuple(sorted(file.stem for file in folder.glob("*.toml")))


def _file(folder: Path, key: str) -> Path:
    """Return the file of this key."""
    for file in folder.glob("*.toml"):
        if file.stem == key:
            return file
    raise NotFound
