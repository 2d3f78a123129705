"""The questionnaires and schemes that come with the checkout, by their key.

A key is looked up among the names of the files that are there; it is never made into
a path, so no key leads anywhere else. A broken file is refused by name and leaves the
others usable.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

from survey_app.domain.ground.file_faults import (
    Fault,
    FileRefused,
    QuestionnaireRefused,
    SchemeRefused,
)
from survey_app.domain.ground.refusals import NotFound
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.questionnaire.questionnaire_file import read_questionnaire
from survey_app.domain.scheme.scheme import Scheme
from survey_app.domain.scheme.scheme_checks import fit_faults
from survey_app.domain.scheme.scheme_file import read_scheme
from survey_app.domain.scheme.scheme_warnings import scheme_warnings

CONFIG = Path(__file__).resolve().parent.parent / "config"
QUESTIONNAIRES = CONFIG / "questionnaires"
SCHEMES = CONFIG / "schemes"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shelf(Generic[T]):
    """What can be used of a folder, and what is wrong with the rest."""

    usable: Mapping[str, T]
    """Key → what its file says, in the order of the keys."""
    broken: tuple[FileRefused, ...]


def shipped_questionnaire(key: str, *, folder: Path = QUESTIONNAIRES) -> Questionnaire:
    """Return the questionnaire; raises NotFound or QuestionnaireRefused."""
    file = _file(folder, key)
    text = text_of(file, QuestionnaireRefused)
    questionnaire = read_questionnaire(text, file=file.name)
    refuse_other_name(file, questionnaire.key, QuestionnaireRefused)
    return questionnaire


def shipped_scheme(
    key: str, *, folder: Path = SCHEMES, questionnaires: Path = QUESTIONNAIRES
) -> Scheme:
    """Return the scheme; raises NotFound or SchemeRefused.

    A scheme that does not fit the questionnaires beside it is refused here, before a
    cycle can begin under it.
    """
    file = _file(folder, key)
    scheme = read_scheme(text_of(file, SchemeRefused), file=file.name)
    refuse_other_name(file, scheme.key, SchemeRefused)
    faults = fit_faults(scheme, shipped_questionnaires(folder=questionnaires))
    if faults:
        raise SchemeRefused(file.name, faults)
    return scheme


def shipped_questionnaires(
    *, folder: Path = QUESTIONNAIRES
) -> Mapping[str, Questionnaire]:
    """Return every questionnaire that can be used, by its key."""
    return _shelf(folder, partial(shipped_questionnaire, folder=folder)).usable


def shipped_schemes(
    *, folder: Path = SCHEMES, questionnaires: Path = QUESTIONNAIRES
) -> Shelf[Scheme]:
    """Return every scheme that can be used, and why the others cannot."""
    read = partial(shipped_scheme, folder=folder, questionnaires=questionnaires)
    return _shelf(folder, read)


def warnings_of(
    scheme: Scheme, *, questionnaires: Path = QUESTIONNAIRES
) -> tuple[Fault, ...]:
    """Return what looks wrong in a scheme that can be used as it is."""
    return scheme_warnings(scheme, shipped_questionnaires(folder=questionnaires))


def keys_in(folder: Path) -> tuple[str, ...]:
    """Return the keys of the files in this folder, sorted."""
    return tuple(sorted(file.stem for file in folder.glob("*.toml")))


def text_of(file: Path, refused: type[FileRefused]) -> str:
    """Return the file's text; raises the refusal for what is no readable text."""
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError:
        fault = Fault("the file", "is not text in UTF-8", "save it in UTF-8")
    except OSError as error:
        why = error.strerror or type(error).__name__
        fault = Fault("the file", f"cannot be read: {why}", "put a text file there")
    raise refused(file.name, (fault,)) from None


def _shelf(folder: Path, read: Callable[[str], T]) -> Shelf[T]:
    """Return what `read` makes of every file in the folder."""
    usable: dict[str, T] = {}
    broken = []
    for key in keys_in(folder):
        try:
            usable[key] = read(key)
        except FileRefused as refused:
            broken.append(refused)
    return Shelf(usable, tuple(broken))


def refuse_other_name(file: Path, key: str, refused: type[FileRefused]) -> None:
    """Refuse a file that is not called as its key says: nobody would find it."""
    if key != file.stem:
        wrong = f'"{key}" is not how the file is called'
        instead = f'write key = "{file.stem}", or rename the file {key}.toml'
        raise refused(file.name, (Fault("key", wrong, instead),))


def _file(folder: Path, key: str) -> Path:
    """Return the file of this key."""
    for file in folder.glob("*.toml"):
        if file.stem == key:
            return file
    raise NotFound
