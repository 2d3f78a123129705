"""The head: what the opening of a box found, signed by both key holders and posted."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from survey_app.domain.ballots.canonical import by_number, canonical, fingerprint_of
from survey_app.domain.ballots.fragments import SubjectTally
from survey_app.domain.ballots.manifest import SEALED_ON_SERVER

FORMAT = 2


@dataclass(frozen=True, slots=True)
class CountedBatch:
    """What became of one batch: the reconciliation that is printed."""

    batch_id: str
    unit: int
    rater_group: str
    """The group its ballots are counted in, after every merging."""
    eligible: int
    issued: int
    used: int
    voided: int
    challenged: int
    signed: int
    spoiled: int
    """Used tickets whose envelope held no ballot of this batch; 0 where void."""
    void: bool
    """Whether it did not add up, so that none of its ballots was opened."""

    @property
    def adds_up(self) -> bool:
        """Whether a batch that was opened has nothing more than there can be."""
        accounted = self.used + self.voided + self.challenged
        return self.void or (
            accounted <= self.issued
            and self.used <= self.signed <= self.eligible
            and 0 <= self.spoiled <= self.used
        )

    @property
    def valid(self) -> int:
        """Ballots that are counted."""
        return 0 if self.void else self.used - self.spoiled


@dataclass(frozen=True, slots=True)
class Challenge:
    """A ballot that an auditor cast with known answers, opened for everybody."""

    tracker: str
    """In hex."""
    batch_id: str
    picks: Mapping[int, Mapping[str, str]] | None
    """Subject → question → choice; None where it did not open: the survey is void."""

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
    merged: Mapping[int, Mapping[str, str]]
    """Unit → group → the other group it is counted in."""
    tally: SubjectTally
    """Of the cells that may be posted; see recount_cells."""
    challenges: tuple[Challenge, ...]
    fragments: int
    comments: int
    level: str = SEALED_ON_SERVER
    format: int = FORMAT

    def to_json(self) -> str:
        """Return the canonical text, which is what everybody signs."""
        return canonical(asdict(self))

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the canonical text, in hex."""
        return fingerprint_of(self.to_json())

    @property
    def signed_message(self) -> bytes:
        """Return what is signed: b"head", 0 and the canonical text."""
        return b"head\0" + self.to_json().encode()

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
        signatures = {"holders": dict(self.holders), "server": self.server}
        return {"head": asdict(self.head), "signatures": signatures}

    def to_json(self) -> str:
        """Return the paper's canonical text."""
        return canonical(self.content)

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


def _revived(kept: dict[str, Any]) -> dict[str, Any]:
    if kept["format"] != FORMAT:
        raise ValueError("this result was written in a format not known here")
    subjects = by_number(kept["subjects"])
    return kept | {
        "key_holders": tuple((name, key) for name, key in kept["key_holders"]),
        "questions": tuple(kept["questions"]),
        "subjects": {unit: tuple(ids) for unit, ids in subjects.items()},
        "batches": tuple(CountedBatch(**batch) for batch in kept["batches"]),
        "merged": by_number(kept["merged"]),
        "tally": by_number(kept["tally"]),
        "challenges": tuple(_challenge(one) for one in kept["challenges"]),
    }


def _challenge(kept: dict[str, Any]) -> Challenge:
    picks = kept["picks"]
    return Challenge(**kept | {"picks": None if picks is None else by_number(picks)})
