"""The head: what the opening of a box found, signed by both key holders and posted.

Signed is a text without what was said about persons: in its place stands a salted hash
of it. So the same signatures hold for the head everybody may read and for the whole
one, and from the hash nobody can guess the counts.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from survey_app.ballot.paper.manifest import SEALED_ON_SERVER
from survey_app.domain.counting.batch_counts import BatchCounts
from survey_app.domain.counting.merged_groups import Merged
from survey_app.domain.counting.tally import SubjectTally
from survey_app.domain.ground.canonical import by_number, canonical, fingerprint_of

FORMAT, UNSALTED = 3, 2
"""An unsalted head was signed with all that was said in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedBatch(BatchCounts):
    """What became of one batch: the reconciliation that is printed."""

    batch_id: str
    unit: int
    rater_group: str
    """The group its ballots are counted in, after every merging."""


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
class Head:
    """The result of one opening."""

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
    level: str = SEALED_ON_SERVER
    salt: str = ""
    """32 random bytes in hex, drawn at the opening; "" in a head without the counts."""
    statements: str = ""
    """SHA-256 of salt, tally and challenges, in hex; see `statements_of`."""
    format: int = FORMAT

    def __post_init__(self) -> None:
        """Hash what was said, where it is all there."""
        if self.salt and not self.statements:
            said = statements_of(self.salt, self.tally, self.challenges)
            object.__setattr__(self, "statements", said)

    @property
    def is_whole(self) -> bool:
        """Whether it holds what was said about persons, and not only its hash."""
        return bool(self.salt) or self.format == UNSALTED

    def to_json(self) -> str:
        """Return the canonical text of all that is in this head."""
        if not self.is_whole:
            return self.public_text
        content = asdict(self)
        if self.format == UNSALTED:
            del content["salt"], content["statements"]
        return canonical(content)

    @property
    def public_text(self) -> str:
        """The canonical text that everybody signs, and everybody may read.

        Of an earlier format all is signed: it is not for everybody.
        """
        if self.format == UNSALTED:
            return self.to_json()
        content = asdict(self)
        del content["salt"], content["tally"]
        content["challenges"] = [
            {"tracker": one.tracker, "batch_id": one.batch_id, "opens": one.opens}
            for one in self.challenges
        ]
        return canonical(content)

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

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the head whose text this is; ValueError where it is none."""
        try:
            return cls(**_revived(json.loads(text)))
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError("this is no result of an opening") from error


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
        if self.head.format == UNSALTED:
            return None
        return canonical(self._with(self.head.public_text))

    def _with(self, head: str) -> dict[str, object]:
        signatures = {"holders": dict(self.holders), "server": self.server}
        return {"head": json.loads(head), "signatures": signatures}

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the signed head whose text this is; ValueError where it is none."""
        try:
            kept = json.loads(text)
            signatures = kept["signatures"]
            head = Head.from_json(canonical(kept["head"]))
            return cls(head, dict(signatures["holders"]), str(signatures["server"]))
        except (TypeError, KeyError) as error:
            raise ValueError("this is no result of an opening") from error


def statements_of(
    salt: str, tally: SubjectTally, challenges: Iterable[Challenge]
) -> str:
    """Return the hash (hex) that stands for what was said about persons.

    SHA-256 of b"statements", 0 and the canonical text of all three.
    """
    picks = [one.picks for one in challenges]
    said = canonical({"salt": salt, "tally": tally, "challenges": picks})
    return hashlib.sha256(b"statements\0" + said.encode()).hexdigest()


def _revived(kept: dict[str, Any]) -> dict[str, Any]:
    if kept["format"] not in (FORMAT, UNSALTED):
        raise ValueError("this result was written in a format not known here")
    challenges = tuple(_challenge(one) for one in kept["challenges"])
    tally = by_number(kept.get("tally", {}))
    if salt := kept.get("salt", ""):
        if kept["statements"] != statements_of(salt, tally, challenges):
            raise ValueError("the counts are not those that were signed")
    elif kept["format"] == FORMAT and "tally" in kept:
        raise ValueError("counts without their salt are signed by nobody")
    subjects = by_number(kept["subjects"])
    return kept | {
        "key_holders": tuple((name, key) for name, key in kept["key_holders"]),
        "questions": tuple(kept["questions"]),
        "subjects": {unit: tuple(ids) for unit, ids in subjects.items()},
        "batches": tuple(CountedBatch(**batch) for batch in kept["batches"]),
        "merged": by_number(kept["merged"]),
        "tally": tally,
        "challenges": challenges,
    }


def _challenge(kept: dict[str, Any]) -> Challenge:
    if "opens" in kept:
        return Challenge(
            kept["tracker"], kept["batch_id"], {} if kept["opens"] else None
        )
    picks = kept["picks"]
    return Challenge(**kept | {"picks": None if picks is None else by_number(picks)})
