"""The opening of a box, in memory and without a database: from envelopes to fragments.

Each ballot is asked for itself whether it obeys the rules of the manifest. Beyond that
no answer is looked at before it is settled which groups are counted together; that is
decided by the numbers of valid ballots alone.
"""

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from survey_app.ballot.paper.ballot import Ballot, BallotForm
from survey_app.ballot.paper.counted_groups import (
    counted_groups,
    group_of_batches,
    posted_tally,
)
from survey_app.ballot.paper.decrypted import Decrypted, comments_root, root_of
from survey_app.ballot.paper.export import Export
from survey_app.ballot.paper.fragments import (
    ID_BYTES,
    Fragment,
    LooseComment,
    about_whole,
    cut,
    tally_of,
)
from survey_app.ballot.paper.head import Challenge, CountedBatch, Head, SignedHead
from survey_app.ballot.paper.manifest import ManifestBatch
from survey_app.ballot.paper.ticket import tracker_of
from survey_app.ballot.sealing.envelope import (
    Forms,
    SeenEnvelopes,
    ballots_in,
    comments_in,
)
from survey_app.ballot.sealing.export_checks import check_export, keys_in_order
from survey_app.ballot.sealing.keys import HolderKey
from survey_app.domain.counting.merged_groups import Merged
from survey_app.domain.ground.refusals import ChallengeNotDecrypted
from survey_app.domain.questionnaire.ballot_lines import ballot_lines


@dataclass(frozen=True, slots=True)
class _Found:
    """What was in the envelopes."""

    ballots: Sequence[tuple[str, Ballot]]
    """Batch and ballot, in no order that means anything."""
    spoiled: Mapping[str, int]
    """Batch → envelopes."""
    invalid: Mapping[str, int]
    """Batch → ballots that break a rule."""
    broken: tuple[int, ...]
    """How many ballots broke each rule; empty where none broke any."""
    challenges: tuple[Challenge, ...]


SALT_BYTES = 32
TOLD = 100
"""How many envelopes are opened between two words of it."""

Progress = Callable[[int, int], None]
"""Told how many of how many envelopes were opened."""


def decrypt_box(
    export: Export, keys: Iterable[HolderKey], progress: Progress | None = None
) -> Decrypted:
    """Return what was in the box, with a head signed by both holders.

    The keys come in any order. Of batches that are void nothing was exported. Raises
    ExportRefused where the export is not what the server signed, KeyRefused where a
    key is missing or not the survey's, and ChallengeNotDecrypted, before any other
    envelope is opened, where a challenge ballot is none.
    """
    check_export(export)
    manifest = export.manifest
    ordered = keys_in_order(manifest, keys)
    forms = _forms(export)
    opened = _Opened(len(export.envelopes) + len(export.comments), progress)
    found = _found(export, ordered, forms, opened)
    merged = counted_groups(manifest, Counter(batch for batch, _ in found.ballots))
    group_of = group_of_batches(manifest, merged)
    counted = ((ballot, group_of[batch]) for batch, ballot in found.ballots)
    fragments = cut(manifest.survey_id, counted)
    comments = _comments(export, ordered, forms, opened)
    head = _head(export, found, merged, fragments, comments)
    return Decrypted(_signed(head, ordered), fragments, comments)


def decrypt_challenges(
    export: Export, keys: Iterable[HolderKey]
) -> tuple[Challenge, ...]:
    """Return the challenge ballots of the box; no other envelope is opened.

    Auditors compare them with their notes before anything else happens. One that does
    not open has no picks. Raises ExportRefused and KeyRefused as `decrypt_box` does.
    """
    check_export(export)
    ordered = keys_in_order(export.manifest, keys)
    return _challenges(export, ordered, _forms(export), SeenEnvelopes())


def _head(
    export: Export,
    found: _Found,
    merged: Merged,
    fragments: Sequence[Fragment],
    comments: Sequence[LooseComment],
) -> Head:
    manifest, closing = export.manifest, export.posted_closing.closing
    return Head(
        survey_id=manifest.survey_id,
        title=manifest.title,
        manifest=manifest.fingerprint,
        closing=closing.fingerprint,
        key_holders=manifest.key_holders,
        signing_key=manifest.signing_key,
        root_in=closing.root_in,
        root_out=root_of(fragments),
        comments_root=comments_root(comments),
        questions=tuple(ballot_lines(export.questionnaire)),
        subjects=manifest.subjects,
        batches=_batches(export, found, group_of_batches(manifest, merged)),
        merged=merged,
        tally=posted_tally(
            tally_of(fragments), manifest, export.questionnaire, closing.taken_out
        ),
        challenges=found.challenges,
        broken=found.broken,
        fragments=len(fragments),
        comments=len(comments),
        level=manifest.level,
        salt=secrets.token_hex(SALT_BYTES),
    )


def _forms(export: Export) -> dict[str, BallotForm]:
    """Return what the ballots of every batch ask."""
    manifest = export.manifest
    return {
        batch.batch_id: BallotForm(
            manifest.survey_id,
            batch.batch_id,
            export.questionnaire,
            manifest.subjects[batch.unit],
            manifest.ballot_rules,
        )
        for batch in manifest.batches
    }


@dataclass(slots=True)
class _Opened:
    """How many envelopes were opened, and who is told."""

    total: int
    progress: Progress | None
    done: int = 0

    def one(self) -> None:
        """Count one more; tell of every hundredth and of the last."""
        self.done += 1
        if self.progress and (self.done % TOLD == 0 or self.done == self.total):
            self.progress(self.done, self.total)


def _found(
    export: Export, keys: Sequence[HolderKey], forms: Forms, opened: _Opened
) -> _Found:
    """Open all envelopes; the challenged first, as they are public."""
    seen = SeenEnvelopes()
    challenges = _challenges(export, keys, forms, seen)
    if not all(challenge.opens for challenge in challenges):
        raise ChallengeNotDecrypted
    ballots, spoiled, invalid = [], Counter[str](), Counter[str]()
    broken = Counter[int]()
    for sealed, ballot in ballots_in(export.envelopes, keys, forms, seen=seen):
        opened.one()
        if ballot is None:
            spoiled[sealed.batch_id] += 1
        elif breaks := {b.rule.number for b in ballot.breaks(forms[sealed.batch_id])}:
            invalid[sealed.batch_id] += 1
            broken.update(breaks)
        else:
            ballots.append((sealed.batch_id, ballot))
    rules = range(len(export.manifest.ballot_rules)) if broken else ()
    return _Found(
        ballots, spoiled, invalid, tuple(broken[n] for n in rules), challenges
    )


def _challenges(
    export: Export, keys: Sequence[HolderKey], forms: Forms, seen: SeenEnvelopes
) -> tuple[Challenge, ...]:
    return tuple(
        Challenge(
            tracker_of(sealed.envelope).hex(),
            sealed.batch_id,
            ballot.picks if ballot else None,
        )
        for sealed, ballot in ballots_in(export.challenged, keys, forms, seen=seen)
    )


def _comments(
    export: Export, keys: Sequence[HolderKey], forms: Forms, opened: _Opened
) -> tuple[LooseComment, ...]:
    """Return the comments in an order drawn here."""
    manifest = export.manifest
    units = {batch.batch_id: batch.unit for batch in manifest.batches}
    loose = (
        LooseComment(
            secrets.token_bytes(ID_BYTES),
            manifest.survey_id,
            subject or about_whole(units[batch]),
            text,
            question,
        )
        for batch, (subject, question, text) in comments_in(
            export.comments, keys, forms, opened.one
        )
    )
    return tuple(sorted(loose, key=lambda comment: comment.id))


def _batches(
    export: Export, found: _Found, counted_in: Mapping[str, str]
) -> tuple[CountedBatch, ...]:
    posted: dict[str, ManifestBatch] = {
        batch.batch_id: batch for batch in export.manifest.batches
    }
    return tuple(
        CountedBatch(
            **asdict(batch)
            | {
                "unit": posted[batch.batch_id].unit,
                "rater_group": counted_in[batch.batch_id],
                "spoiled": found.spoiled.get(batch.batch_id, 0),
                "invalid": found.invalid.get(batch.batch_id, 0),
                "void": not batch.is_counted,
            }
        )
        for batch in export.batches
    )


def _signed(head: Head, keys: Sequence[HolderKey]) -> SignedHead:
    message = head.signed_message
    signatures = {key.public.fingerprint: key.sign(message).hex() for key in keys}
    return SignedHead(head, signatures)
