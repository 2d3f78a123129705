"""The head: what the opening of a box found, signed by both key holders and posted.

Signed is a text without what was said about persons: in its place stands a salted hash
of it. So the same signatures hold for the head everybody may read and for the whole
one, and from the hash nobody can guess the counts.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Self

from survey_app.ballot.paper.manifest import SEALED_ON_SERVER
from survey_app.domain.counting.batch_counts import BatchCounts
from survey_app.domain.counting.merged_groups import Merged
from survey_app.domain.counting.tally import SubjectTally
from survey_app.domain.ground.canonical import canonical, fingerprint_of
from survey_app.domain.ground.frozen_text import HEAD, BrokenText, FrozenText, parts_of
from survey_app.domain.ground.plain import ALWAYS, Misshapen, Plain, plain_of, value_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedBatch(BatchCounts):
    """What became of one batch: the reconciliation that is printed."""

    batch_id: str
    unit: int
    rater_group: str
    """The group its ballots are counted in, after every merging."""
    spoiled: int = field(default=0, metadata=ALWAYS)


@dataclass(frozen=True, slots=True)
class Challenge:
    """A ballot that an auditor cast with known answers, opened for everybody."""

    tracker: str
    """In hex."""
    batch_id: str
    picks: Mapping[int, Mapping[str, str]] | None
    """Subject → question → choice; None where it did not open: the survey is void.
    Empty in a head that was read without them."""

    @property
    def opens(self) -> bool:
        """Whether it is a ballot at all."""
        return self.picks is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Head(FrozenText):
    """The result of one opening."""

    KIND: ClassVar = HEAD

    survey_id: int
    title: str
    manifest: str
    """Fingerprint of the opening manifest, in hex."""
    closing: str
    """Fingerprint of what was signed when the box closed, in hex."""
    key_holders: tuple[tuple[str, str], ...]
    """As in the manifest: (name, public key as canonical JSON)."""
    signing_key: str
    """As in the manifest: the server's public Ed25519 key, in hex."""
    root_in: str
    """Merkle root over the trackers of all envelopes that were in the box, in hex."""
    root_out: str
    """Merkle root over the leaves of all fragments, in hex."""
    comments_root: str
    """Merkle root over the leaves of all comments, in hex."""
    questions: tuple[str, ...]
    subjects: Mapping[int, tuple[int, ...]]
    """Unit → the subjects on its ballots."""
    batches: tuple[CountedBatch, ...]
    merged: Merged
    tally: SubjectTally
    """Of the cells that may be posted; see recount_cells."""
    challenges: tuple[Challenge, ...]
    fragments: int
    comments: int
    level: str = field(default=SEALED_ON_SERVER, metadata=ALWAYS)
    salt: str = field(default="", metadata=ALWAYS)
    """32 random bytes in hex, drawn at the opening; "" in a head without the counts."""
    statements: str = field(default="", metadata=ALWAYS)
    """SHA-256 of salt, tally and challenges, in hex; see `statements_of`. Empty in an
    early head, which was signed with all that was said in it."""
    broken: tuple[int, ...] = ()
    """How many ballots broke each rule of the manifest, in its order; said of persons.
    Empty where no ballot is invalid."""

    def __post_init__(self) -> None:
        """Hash what was said, where it is all there."""
        if self.salt and not self.statements:
            object.__setattr__(self, "statements", self.said)

    @property
    def said(self) -> str:
        """The hash of all that was said, made anew; see `statements_of`."""
        parts = self.salt, self.tally, self.challenges, self.broken
        return statements_of(*parts)

    @property
    def signs_counts(self) -> bool:
        """Whether what was said is signed itself, and no hash of it: an early head."""
        return not self.statements

    @property
    def is_whole(self) -> bool:
        """Whether it holds what was said about persons, and not only its hash."""
        return bool(self.salt) or self.signs_counts

    @property
    def public_text(self) -> str:
        """The canonical text that everybody signs, and everybody may read.

        Of an early head all is signed: it is not for everybody.
        """
        content = json.loads(self.to_json())
        return canonical(content if self.signs_counts else _without_counts(content))

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the signed text, in hex."""
        return fingerprint_of(self.public_text)

    @property
    def signed_message(self) -> bytes:
        """Return what is signed: b"head", 0 and the public text."""
        return b"head\0" + self.public_text.encode()

    @property
    def expected_fragments(self) -> int:
        """Return valid ballots × subjects of their unit × questions, of all batches."""
        asked = {u: len(ids) * len(self.questions) for u, ids in self.subjects.items()}
        return sum(batch.valid * asked[batch.unit] for batch in self.batches)

    @property
    def expected_ballots(self) -> dict[tuple[int, str, str], int]:
        """Return (subject, group, question) → how many ballots must have answered."""
        valid = Counter[tuple[int, str]]()
        for batch in self.batches:
            valid[batch.unit, batch.rater_group] += batch.valid
        return {
            (subject, group, question): ballots
            for (unit, group), ballots in valid.items()
            for subject in self.subjects[unit]
            for question in self.questions
            if ballots
        }

    def _plain(self) -> Plain:
        content: Plain = plain_of(self)
        return content if self.is_whole else _without_counts(content)

    @classmethod
    def _of_plain(cls, plain: Plain) -> Self:
        if "tally" not in plain:
            return value_of(cls, plain | _nothing_said(plain))
        if plain.get("statements") and not plain.get("salt"):
            raise Misshapen("counts without their salt are signed by nobody")
        head = value_of(cls, plain)
        if head.salt and head.statements != head.said:
            raise Misshapen("the counts are not those that were signed")
        return head


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head with the signatures beside it, as posted and kept."""

    head: Head
    holders: Mapping[str, str]
    """Fingerprint of a holder's public key → signature, in hex."""
    server: str = ""
    """The server's signature in hex; empty until the server has taken the result."""

    @property
    def content(self) -> dict[str, object]:
        """Return the paper as plain mappings."""
        return self._with(self.head.to_json())

    def to_json(self) -> str:
        """Return the paper's canonical text."""
        return canonical(self.content)

    @property
    def public_paper(self) -> str | None:
        """The canonical text of what everybody may read; None where that is nothing."""
        if self.head.signs_counts:
            return None
        return canonical(self._with(self.head.public_text))

    def _with(self, head: str) -> dict[str, object]:
        signatures = {"holders": dict(self.holders), "server": self.server}
        return {"head": json.loads(head), "signatures": signatures}

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the signed head whose text this is; raises TextRefused."""
        head, signatures = parts_of(text, HEAD.name, "head", "signatures")
        try:
            told = value_of(_Signatures, signatures)
        except Misshapen as wrong:
            raise BrokenText(HEAD.name, str(wrong)) from None
        return cls(Head.from_json(canonical(head)), told.holders, told.server)


@dataclass(frozen=True, slots=True)
class _Signatures:
    """What stands beside the head."""

    holders: Mapping[str, str]
    server: str


def statements_of(
    salt: str,
    tally: SubjectTally,
    challenges: Iterable[Challenge],
    broken: Sequence[int] = (),
) -> str:
    """Return the hash (hex) that stands for what was said about persons.

    SHA-256 of b"statements", 0 and the canonical text of all; of rules, if any broke.
    """
    picks = [one.picks for one in challenges]
    rules = {"broken": broken} if broken else {}
    said = canonical({"salt": salt, "tally": tally, "challenges": picks} | rules)
    return hashlib.sha256(b"statements\0" + said.encode()).hexdigest()


def _without_counts(content: Plain) -> Plain:
    """Return a head as everybody may read it: which challenges opened, no counts."""
    if "tally" not in content:
        return content
    challenges = [
        {
            "tracker": one["tracker"],
            "batch_id": one["batch_id"],
            "opens": one["picks"] is not None,
        }
        for one in content["challenges"]
    ]
    told = ("salt", "tally", "broken")
    kept = {k: v for k, v in content.items() if k not in told}
    return kept | {"challenges": challenges}


def _nothing_said(content: Plain) -> Plain:
    """Return what completes a head for everybody, to be read like a whole one."""
    try:
        challenges = [
            {k: v for k, v in one.items() if k != "opens"}
            | {"picks": {} if one["opens"] else None}
            for one in content["challenges"]
        ]
    except (LookupError, TypeError, AttributeError):
        raise Misshapen("lists no challenges", "challenges") from None
    return {"tally": {}, "salt": "", "challenges": challenges}
