"""Questionnaires and schemes as files: those that come with us, and a county's own.

Both lie in a folder `questionnaires` beside a folder `schemes`; the own is named by
SURVEY_RULES. A key is looked up among the names of the files that are there; it is
never made into a path, so no key leads anywhere else. A broken file is refused by name
and leaves the others usable.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
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

SHIPPED = Path(__file__).resolve().parent / "rules"
QUESTIONNAIRES = SHIPPED / "questionnaires"
SCHEMES = SHIPPED / "schemes"
KINDS = ("questionnaires", "schemes")
OWN = "SURVEY_RULES"
HOLDING = "name one that holds the folders questionnaires and schemes"
INTO = "put it into the folder questionnaires or the folder schemes"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shelf(Generic[T]):
    """What can be used of the files of one kind, and what is wrong with the rest."""

    usable: Mapping[str, T]
    """Key → what its file says, in the order of the keys."""
    broken: tuple[FileRefused, ...]


@dataclass(frozen=True)
class RuleFiles:
    """The files there are, read once: the shipped ones, then the county's own."""

    own: Path | None = None
    shipped: Path = SHIPPED

    @classmethod
    def of(cls, own: str) -> "RuleFiles":
        """Return the files beside what SURVEY_RULES says; empty: the shipped alone."""
        return cls(Path(own) if own else None)

    def questionnaire(self, key: str) -> Questionnaire:
        """Return the questionnaire; raises NotFound or QuestionnaireRefused."""
        return self._questionnaire(self._file("questionnaires", key))

    def scheme(self, key: str) -> Scheme:
        """Return the scheme; raises NotFound or SchemeRefused.

        A scheme that does not fit the questionnaires is refused here, before a cycle
        can begin under it.
        """
        asked = self.questionnaires.usable
        return self._scheme(self._file("schemes", key), asked)

    @cached_property
    def questionnaires(self) -> Shelf[Questionnaire]:
        """Every questionnaire that can be used, and why the others cannot."""
        return _shelf(self._files("questionnaires"), self._questionnaire)

    @cached_property
    def schemes(self) -> Shelf[Scheme]:
        """Every scheme that can be used, and why the others cannot."""
        return self.schemes_with(self.questionnaires.usable)

    def schemes_with(self, asked: Mapping[str, Questionnaire]) -> Shelf[Scheme]:
        """Return the schemes that fit these questionnaires, and why others do not."""
        return _shelf(self._files("schemes"), lambda file: self._scheme(file, asked))

    @cached_property
    def broken(self) -> tuple[FileRefused, ...]:
        """Every file that cannot be used, with all its faults."""
        broken = (*self.questionnaires.broken, *self.schemes.broken)
        return (*self.misplaced, *broken)

    @cached_property
    def misplaced(self) -> tuple[FileRefused, ...]:
        """What keeps files of the county from being found."""
        return tuple(self._misplaced())

    def text_of(self, kind: str, key: str) -> str:
        """Return the text of a file of "questionnaires" or "schemes".

        Raises NotFound, or FileRefused for what is no readable text.
        """
        return text_of(self._file(kind, key), FileRefused)

    def is_own(self, scheme: Scheme) -> bool:
        """Return whether a scheme is the county's own."""
        return not (self.shipped / "schemes" / f"{scheme.key}.toml").exists()

    def warnings_of(self, scheme: Scheme) -> tuple[Fault, ...]:
        """Return what looks wrong in a scheme that can be used as it is."""
        return scheme_warnings(scheme, self.questionnaires.usable)

    def _questionnaire(self, file: Path) -> Questionnaire:
        self._refuse_twin(file, QuestionnaireRefused)
        return _questionnaire_in(file)

    def _scheme(self, file: Path, asked: Mapping[str, Questionnaire]) -> Scheme:
        self._refuse_twin(file, SchemeRefused)
        scheme = read_scheme(text_of(file, SchemeRefused), file=file.name)
        refuse_other_name(file, scheme.key, SchemeRefused)
        if faults := fit_faults(scheme, asked):
            raise SchemeRefused(file.name, faults)
        return scheme

    def _file(self, kind: str, key: str) -> Path:
        """Return the file of this key, the shipped one where there are two."""
        for file in self._files(kind):
            if file.stem == key:
                return file
        raise NotFound

    def _files(self, kind: str) -> list[Path]:
        """Return the files of this kind, the shipped before the own."""
        return [
            file
            for folder in (self.shipped, self.own)
            if folder is not None
            for file in _files_in(folder / kind)
        ]

    def _refuse_twin(self, file: Path, refused: type[FileRefused]) -> None:
        """Refuse a file of the county that is called as a shipped one.

        Which of the two a cycle stands under would depend on who looks.
        """
        shipped = self.shipped / file.parent.name
        if file.parent != shipped and (shipped / file.name).exists():
            wrong = "is called as a file that comes with the platform"
            instead = "give it another name, and write that name as its key"
            raise refused(file.name, (Fault("the file", wrong, instead),))

    def _misplaced(self) -> Iterator[FileRefused]:
        """Yield what keeps files of the county from being found."""
        if self.own is None:
            return
        try:
            lying = sorted(self.own.iterdir())
            for kind in KINDS:
                if self.own / kind in lying:
                    list((self.own / kind).iterdir())
        except OSError as error:
            yield FileRefused(OWN, (_unreadable("the folder", error, HOLDING),))
            return
        for file in lying:
            if file.suffix == ".toml":
                wrong, instead = "lies in neither of the two folders", INTO
                yield FileRefused(file.name, (Fault("the file", wrong, instead),))


def shipped_questionnaire(key: str) -> Questionnaire:
    """Return a questionnaire that comes with the platform; raises NotFound."""
    return RuleFiles().questionnaire(key)


def shipped_scheme(key: str) -> Scheme:
    """Return a scheme that comes with the platform; raises NotFound."""
    return RuleFiles().scheme(key)


def questionnaires_in(folder: Path) -> dict[str, Questionnaire]:
    """Return the questionnaires of any folder by their keys, the latest of each.

    There they may be called as the office hands them out, with their version.
    """
    latest: dict[str, Questionnaire] = {}
    for read in _shelf(_files_in(folder), checked_questionnaire).usable.values():
        if read.key not in latest or read.version >= latest[read.key].version:
            latest[read.key] = read
    return latest


def checked_questionnaire(file: Path) -> Questionnaire:
    """Return what a file says, called by its key or as it was handed out."""
    read = read_questionnaire(text_of(file, QuestionnaireRefused), file=file.name)
    if file.stem != f"{read.key}-{read.version}":
        refuse_other_name(file, read.key, QuestionnaireRefused)
    return read


def checked_scheme(file: Path) -> Scheme:
    """Return what a file says, called by its key or as it was handed out.

    Its version is counted by the office and does not stand in the file.
    """
    read = read_scheme(text_of(file, SchemeRefused), file=file.name)
    if not re.fullmatch(f"{re.escape(read.key)}-[1-9][0-9]*", file.stem):
        refuse_other_name(file, read.key, SchemeRefused)
    return read


def text_of(file: Path, refused: type[FileRefused]) -> str:
    """Return the file's text; raises the refusal for what is no readable text."""
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError:
        fault = Fault("the file", "is not text in UTF-8", "save it in UTF-8")
    except OSError as error:
        fault = _unreadable("the file", error, "put a text file there")
    raise refused(file.name, (fault,)) from None


def text_from(sent: bytes) -> str:
    """Return the text of a file that was sent; FileRefused for what is none."""
    try:
        return sent.decode("utf-8-sig")
    except UnicodeDecodeError:
        fault = Fault("the file", "is not text in UTF-8", "save it in UTF-8")
        raise FileRefused("toml", (fault,)) from None


def refuse_other_name(file: Path, key: str, refused: type[FileRefused]) -> None:
    """Refuse a file that is not called as its key says: nobody would find it."""
    if key != file.stem:
        wrong = f'"{key}" is not how the file is called'
        instead = f'write key = "{file.stem}", or rename the file {key}.toml'
        raise refused(file.name, (Fault("key", wrong, instead),))


def _questionnaire_in(file: Path) -> Questionnaire:
    read = read_questionnaire(text_of(file, QuestionnaireRefused), file=file.name)
    refuse_other_name(file, read.key, QuestionnaireRefused)
    return read


def _files_in(folder: Path) -> list[Path]:
    """Return the files of one kind; none of a folder that cannot be read.

    `broken` says why. A disk that went away must not take the office with it.
    """
    try:
        return sorted(folder.glob("*.toml"))
    except OSError:
        return []


def _shelf(files: list[Path], read: Callable[[Path], T]) -> Shelf[T]:
    """Return what `read` makes of every file."""
    usable: dict[str, T] = {}
    broken = []
    for file in files:
        try:
            usable[file.stem] = read(file)
        except FileRefused as refused:
            named = f"{file.parent.name}/{file.name}"  # both kinds may bear one name
            broken.append(FileRefused(named, refused.faults))
    return Shelf(dict(sorted(usable.items())), tuple(broken))


def _unreadable(where: str, error: OSError, instead: str) -> Fault:
    return Fault(where, f"cannot be read: {error.strerror or error}", instead)
