"""What can be chosen from: the files that are there and what the office made ready.

Of each key the newest version is offered. What a survey or cycle uses is its own copy:
nothing that happens here changes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.ground.file_faults import Fault, FileRefused
from survey_app.domain.ground.refusals import NotFound
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.scheme import Scheme
from survey_app.domain.scheme.scheme_warnings import scheme_warnings
from survey_app.rulebook.copies import version_of
from survey_app.rulebook.reading import fitting_scheme, questionnaire_in
from survey_app.rulebook.tables import QUESTIONNAIRE, READY, SCHEME, RuleText
from survey_app.shipped_files import RuleFiles, Shelf


@dataclass(frozen=True, slots=True)
class OwnText:
    """The newest version of what the office made ready under one key."""

    key: str
    version: int
    text: str

    @property
    def name(self) -> str:
        """What it is called where a fault of it is told."""
        return f"{self.key} {self.version}"


@dataclass(frozen=True)
class OfferedRules:
    """Files and own texts as one; it is asked as files alone are."""

    files: RuleFiles
    own: Mapping[str, Mapping[str, OwnText]]
    """Kind → key → text."""

    def questionnaire(self, key: str) -> Questionnaire:
        """Return the questionnaire; raises NotFound or QuestionnaireRefused."""
        own = self.own[QUESTIONNAIRE].get(key)
        if own is None:
            return self.files.questionnaire(key)
        try:
            filed = self.files.questionnaire(key)
        except (NotFound, FileRefused):
            return questionnaire_in(own.text, own.name)
        newer = own.version >= filed.version
        return questionnaire_in(own.text, own.name) if newer else filed

    def scheme(self, key: str) -> Scheme:
        """Return the scheme; raises NotFound where none of it can be used."""
        found = self.schemes.usable.get(key)
        if found is None:
            raise NotFound
        return found

    @cached_property
    def questionnaires(self) -> Shelf[Questionnaire]:
        """Every questionnaire that can be used, and why the others cannot."""
        shelf = self.files.questionnaires
        usable, broken = dict(shelf.usable), list(shelf.broken)
        for key, own in self.own[QUESTIONNAIRE].items():
            if key in usable and usable[key].version > own.version:
                continue
            try:
                usable[key] = questionnaire_in(own.text, own.name)
            except FileRefused as refused:
                broken.append(refused)
        return Shelf(dict(sorted(usable.items())), tuple(broken))

    @cached_property
    def schemes(self) -> Shelf[Scheme]:
        """Every scheme that can be used, and why the others cannot."""
        asked = self.questionnaires.usable
        shelf = self.files.schemes_with(asked)
        usable, broken = dict(shelf.usable), list(shelf.broken)
        for key, own in self.own[SCHEME].items():
            try:
                usable[key] = fitting_scheme(own.text, own.name, asked)
            except FileRefused as refused:
                broken.append(refused)
        return Shelf(dict(sorted(usable.items())), tuple(broken))

    @cached_property
    def broken(self) -> tuple[FileRefused, ...]:
        """Everything that cannot be used, with all its faults."""
        shelves = (*self.questionnaires.broken, *self.schemes.broken)
        return (*self.files.misplaced, *shelves)

    def text_of(self, kind: str, key: str) -> str:
        """Return the TOML of what is offered under this key; raises NotFound."""
        shelf = self.questionnaires if kind == QUESTIONNAIRE else self.schemes
        if key not in shelf.usable:
            raise NotFound
        own = self.own[kind].get(key)
        if own is not None and own.version >= version_of(shelf.usable[key]):
            return own.text
        return self.files.text_of(f"{kind}s", key)

    def is_own(self, scheme: Scheme) -> bool:
        """Return whether a scheme is the county's own."""
        return scheme.key in self.own[SCHEME] or self.files.is_own(scheme)

    def warnings_of(self, scheme: Scheme) -> tuple[Fault, ...]:
        """Return what looks wrong in a scheme that can be used as it is."""
        return scheme_warnings(scheme, self.questionnaires.usable)


def offered(session: Session, files: RuleFiles) -> OfferedRules:
    """Return what surveys and cycles may choose from now; one statement."""
    ready = select(RuleText.kind, RuleText.key, RuleText.version, RuleText.text).where(
        RuleText.state == READY
    )
    own: dict[str, dict[str, OwnText]] = {QUESTIONNAIRE: {}, SCHEME: {}}
    for kind, key, version, text in session.execute(ready.order_by(RuleText.version)):
        own[kind][key] = OwnText(key, version, text)
    return OfferedRules(files, own)
