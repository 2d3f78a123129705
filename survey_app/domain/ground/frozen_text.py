"""Texts that outlive the program that wrote them: every version ever written.

Whatever is kept in a column, posted or handed out as a file is read again by programs
that come later. Each kind of text stands here with its newest version and the steps
that lead from every older one to the next. A step adds what the older text does not
say, with what that silence meant. Whoever reads a text meets the newest shape only;
signatures and fingerprints stay over the text as it was written. Table and rules:
docs/frozen-texts.md.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from survey_app.domain.ground.canonical import fingerprint_of, sorted_text
from survey_app.domain.ground.file_faults import FileRefused
from survey_app.domain.ground.marked import message
from survey_app.domain.ground.plain import Misshapen, Plain, plain_of, value_of
from survey_app.domain.ground.refusals import Refusal

Step = Callable[[Plain], Plain]
DIGITS = re.compile(r"\d{1,6}", re.ASCII)


class TextRefused(Refusal, ValueError):  # noqa: N818 -- like every refusal
    """A frozen text cannot be read; `kind` says which kind of text, in words."""

    def __init__(self, kind: str, wrong: str = "") -> None:
        super().__init__(*(part for part in (kind, wrong) if part))
        self.kind = kind

    def __str__(self) -> str:
        return "; ".join(self.args)


class EarlierFormat(TextRefused):
    """It was written by an earlier program, in a format nothing can be made of."""


class NewerFormat(TextRefused):
    """It was written by a later program than this one, which is too old to read it."""


class BrokenText(TextRefused):
    """It is no such text, or not a whole one: something else stands in its place."""


@dataclass(frozen=True, slots=True)
class TextKind:
    """One kind of text and its history."""

    name: str
    """What a reader calls it: English, and a message to be translated."""
    newest: int
    steps: Mapping[int, Step] = field(default_factory=dict)
    """Version → what makes the next one of it; older ones than these are refused."""
    label: str = ""
    """What stands before the number under "format", in files; "": the bare number."""
    unmarked: bool = False
    """Whether its first version says nothing under "format"."""
    is_compact: bool = True
    """Whether it is written without a space after commas and colons."""

    @property
    def format(self) -> str | int:
        """What stands under "format" in a text that is written now."""
        return f"{self.label}{self.newest}" if self.label else self.newest

    def text_of(self, plain: Plain) -> str:
        """Return the canonical text of an object of the newest version."""
        marked = self.newest > 1 or not self.unmarked
        return self.canonical(plain | ({"format": self.format} if marked else {}))

    def canonical(self, plain: Plain) -> str:
        """Return the one text of an object, whatever its version."""
        if self.is_compact:
            return sorted_text(plain)
        return json.dumps(plain, sort_keys=True, ensure_ascii=False)

    def newest_of(self, plain: Any) -> Plain:
        """Return the object, of whatever version, as the newest one would say it.

        Without its "format". Raises BrokenText where it is no such object, NewerFormat
        where only a later program knows it, EarlierFormat where none ever could.
        """
        if not isinstance(plain, dict):
            raise BrokenText(self.name)
        content = dict(plain)
        version = self._version(content.pop("format", 1 if self.unmarked else None))
        if version > self.newest:
            raise NewerFormat(self.name)
        if version < min(self.steps, default=self.newest):
            raise EarlierFormat(self.name)
        try:
            for number in range(version, self.newest):
                content = self.steps[number](content)
        except (LookupError, TypeError, AttributeError):
            raise BrokenText(self.name) from None
        return content

    def _version(self, said: object) -> int:
        """Return the number of a version as "format" says it."""
        if self.label:
            named = isinstance(said, str) and said.startswith(self.label)
            digits = str(said).removeprefix(self.label)
            said = int(digits) if named and DIGITS.fullmatch(digits) else None
        if type(said) is not int:
            raise BrokenText(self.name)
        return said


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenText:
    """A value that is kept, signed or fingerprinted as a text.

    One that was read knows the text it was read from: that one is signed, whatever the
    newest version would write. A changed copy is a new value and has no such text.
    """

    KIND: ClassVar[TextKind]

    _as_written: str = field(default="", init=False, compare=False, repr=False)

    def to_json(self) -> str:
        """Return the canonical text: of what was read, the text as it was written."""
        return self._as_written or self.KIND.text_of(self._plain())

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the canonical text, in hex."""
        return fingerprint_of(self.to_json())

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the value whose text this is, of whatever version.

        Raises NewerFormat, EarlierFormat or BrokenText, which are ValueErrors.
        """
        plain = parsed(text, cls.KIND.name)
        with_newest = cls.KIND.newest_of(plain)
        try:
            value = cls._of_plain(with_newest)
        except (Misshapen, FileRefused) as wrong:
            raise BrokenText(cls.KIND.name, str(wrong)) from None
        object.__setattr__(value, "_as_written", cls.KIND.canonical(plain))
        return value

    def _plain(self) -> Plain:
        """Return what is written, without its format."""
        content: Plain = plain_of(self)
        return content

    @classmethod
    def _of_plain(cls, plain: Plain) -> Self:
        """Return the value of an object of the newest version; raises Misshapen."""
        return value_of(cls, plain)


def parsed(text: str, name: str) -> Any:
    """Return what the JSON text says; BrokenText, for this kind, where it is none.

    Half a character can be read from JSON, and neither hashed nor kept.
    """
    try:
        plain = json.loads(text)
        (json.dumps(plain, ensure_ascii=False) if "\\u" in text else text).encode()
        return plain
    except (ValueError, RecursionError):
        raise BrokenText(name) from None


def parts_of(text: str, name: str, *keys: str) -> list[Any]:
    """Return what stands under exactly these keys of a paper; else BrokenText."""
    paper = parsed(text, name)
    if not isinstance(paper, dict) or paper.keys() != set(keys):
        raise BrokenText(name)
    return [paper[key] for key in keys]


def _nothing_watched(manifest: Plain) -> Plain:
    """1 → 2: no choice was named as dissatisfied, so none was watched for."""
    return manifest | {"dissatisfied": []}


def _closed_unsigned(head: Plain) -> Plain:
    """1 → 2: nothing was signed when the box closed, and comments had no root."""
    return head | {"closing": "", "comments_root": ""}


def _signed_with_counts(head: Plain) -> Plain:
    """2 → 3: the counts were signed themselves, no hash stood for them."""
    return head | {"salt": "", "statements": ""}


def _for_principals(plan: Plain) -> Plain:
    """1 → 2: a plan was made for the weights of principals alone."""
    told = {"posts": ["principal"]}
    subjects = plan["subjects"].items()
    return plan | {"subjects": {key: one | told for key, one in subjects}}


def _about_somebody(export: Plain) -> Plain:
    """2 → 3: a comment about nobody by himself was spoiled to whoever read it."""
    return export


QUESTIONNAIRE = TextKind(
    message("The questionnaire of a survey"), 1, unmarked=True, is_compact=False
)
SCHEME = TextKind(message("The scheme of a cycle"), 1, is_compact=False)
FROZEN_PLAN = TextKind(message("The publication plan of a survey"), 1, is_compact=False)
EVALUATED_PLAN = TextKind(
    message("What became of a publication plan"),
    2,
    {1: _for_principals},
    is_compact=False,
)
PLAN_HEAD = TextKind(
    message("What became of a publication plan, in short"), 1, is_compact=False
)
SETTLED_SUBJECT = TextKind(
    message("What may be told of one subject"), 1, is_compact=False
)
"""Before there were these two, the evaluated plan stood in one text."""
MANIFEST = TextKind(
    message("The opening manifest of a ballot"), 2, {1: _nothing_watched}
)
CLOSING = TextKind(message("The closing of a ballot box"), 1)
HEAD = TextKind(
    message("The result of a decryption"),
    3,
    {1: _closed_unsigned, 2: _signed_with_counts},
)
EXPORT = TextKind(
    message("The export of a ballot box"),
    3,
    {2: _about_somebody},
    label="survey-export-",
)
"""Of the first version there was no closing that could be checked at the opening.

The third looks like the second. Whoever reads only that one would count comments about
nobody by himself as spoiled, and say nothing: so it is not let open them.
"""
DECRYPTED = TextKind(message("The file of a decrypted box"), 1, label="survey-opened-")
HOLDER_KEY = TextKind(message("The key file of a key holder"), 1, label="survey-key-")
SECRETS = TextKind(message("The secrets of a survey"), 1, label="survey-secrets-")

KINDS = (
    QUESTIONNAIRE, SCHEME, FROZEN_PLAN, EVALUATED_PLAN, PLAN_HEAD, SETTLED_SUBJECT,
    MANIFEST, CLOSING, HEAD, EXPORT, DECRYPTED, HOLDER_KEY, SECRETS,
)  # fmt: skip
"""Every kind of text that a later program must be able to read."""
