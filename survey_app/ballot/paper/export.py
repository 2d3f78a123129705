"""The export of a closed box: all that the key holders need to open it, elsewhere.

A text file with one JSON object a line. Envelopes are sorted by themselves, answers
apart from comments, so that the file knows no order, no ticket and no pair of the two.
The last line is the SHA-256 of everything before it.
"""

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from survey_app.ballot.paper.challenge import ChallengeProof
from survey_app.ballot.paper.closing import ClosedBatch, Content, Sealed, SignedClosing
from survey_app.ballot.paper.manifest import Manifest, posted, read_posted
from survey_app.domain.ground.canonical import canonical, checked, line, read_checked
from survey_app.domain.ground.frozen_text import EXPORT, EarlierFormat, NewerFormat
from survey_app.domain.ground.plain import plain_of, value_of
from survey_app.domain.ground.refusals import ExportRefused, Refusal
from survey_app.domain.questionnaire.questionnaire import Questionnaire


@dataclass(frozen=True, kw_only=True)
class Export:
    """A closed box without its tickets, and without the envelopes of void batches."""

    manifest_json: str
    manifest_signature: str
    """The server's, in hex."""
    questionnaire_json: str
    names: Mapping[int, str]
    """Subject → name, for reading challenge ballots; public facts."""
    posted_closing: SignedClosing
    """As it was signed and posted when the box closed."""
    envelopes: tuple[Sealed, ...]
    """Answers, sorted."""
    comments: tuple[Sealed, ...]
    """Comments, sorted on their own; every ballot has one, written or empty."""
    challenged: tuple[Sealed, ...]
    """Answers on tickets that auditors challenged, sorted."""
    proofs: tuple[ChallengeProof, ...] = ()
    """One for each of them: without it nothing is opened in public."""
    signature: str = ""
    """The server's over `signed_message`, in hex."""
    written_as: str | int = EXPORT.format
    """What stands under "format"; signed as all else is."""

    @cached_property
    def manifest(self) -> Manifest:
        """The opening manifest of this box."""
        return Manifest.from_json(self.manifest_json)

    @cached_property
    def questionnaire(self) -> Questionnaire:
        """The questions that were asked."""
        return Questionnaire.from_json(self.questionnaire_json)

    @property
    def batches(self) -> tuple[ClosedBatch, ...]:
        """Return the counts that were signed when the box closed."""
        return self.posted_closing.closing.batches

    @property
    def content(self) -> Content:
        """Return the envelopes of the batches that count."""
        return Content(
            envelopes=self.envelopes, comments=self.comments, challenged=self.challenged
        )

    @property
    def signed_message(self) -> bytes:
        """Return what the server signs: b"export", 0, SHA-256 of all but signatures."""
        return b"export\0" + hashlib.sha256("".join(self._body()).encode()).digest()

    def to_text(self) -> str:
        """Return the file's whole text."""
        return checked("".join((*self._body(), line({"server": self.signature}))))

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Return the export in this file's text.

        Raises ExportRefused where it is none, was cut short or was changed, and
        NewerFormat or EarlierFormat where another program wrote it.
        """
        lines = read_checked(text)
        try:
            return cls(**_read(lines))
        except (NewerFormat, EarlierFormat):
            raise
        except (
            ValueError,
            LookupError,
            TypeError,
            AttributeError,
            RecursionError,
            Refusal,
        ):
            raise ExportRefused("it is no export of a ballot box") from None

    def _body(self) -> Iterator[str]:
        """Yield every line that the server signs."""
        paper = posted(self.manifest_json, self.manifest_signature)
        yield line({"format": self.written_as, "posted": json.loads(paper)})
        yield line({"questionnaire": self.questionnaire_json})
        yield line(plain_of(Names(self.names)))
        yield line({"closed": self.posted_closing.content})
        for kind, sealed in (
            ("ballot", self.envelopes),
            ("comment", self.comments),
            ("challenge", self.challenged),
        ):
            for one in sealed:
                written = b64encode(one.envelope).decode()
                yield line({kind: [one.batch_id, written]})
        for proof in self.proofs:
            yield line({"proof": plain_of(proof)})


@dataclass(frozen=True, slots=True)
class Names:
    """The line of the names."""

    names: Mapping[int, str]


def _read(lines: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the fields of the export; KeyError or ValueError for anything strange."""
    first = EXPORT.newest_of(lines[0])
    manifest, signature = read_posted(canonical(first["posted"]))
    read = {
        "manifest_json": manifest,
        "manifest_signature": signature,
        "questionnaire_json": lines[1]["questionnaire"],
        "names": value_of(Names, lines[2]).names,
        "posted_closing": SignedClosing.from_json(canonical(lines[3]["closed"])),
        "envelopes": _sealed(lines, "ballot"),
        "comments": _sealed(lines, "comment"),
        "challenged": _sealed(lines, "challenge"),
        "proofs": tuple(value_of(ChallengeProof, one) for one in _all(lines, "proof")),
        "signature": lines[-1]["server"],
        "written_as": lines[0]["format"],
    }
    Manifest.from_json(manifest)
    Questionnaire.from_json(read["questionnaire_json"])
    return read


def _all(lines: list[dict[str, Any]], kind: str) -> Iterator[Any]:
    return (one[kind] for one in lines if kind in one)


def _sealed(lines: list[dict[str, Any]], kind: str) -> tuple[Sealed, ...]:
    found = (Sealed(b64decode(e, validate=True), b) for b, e in _all(lines, kind))
    return tuple(sorted(found))
