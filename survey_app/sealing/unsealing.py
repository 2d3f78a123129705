"""From envelopes to ballots, in memory; what cannot be counted is spoiled."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from survey_app.domain.ballots.ballot import (
    Ballot,
    BallotForm,
    Malformed,
    read_answers,
    read_comment,
)
from survey_app.domain.ballots.closing import Sealed
from survey_app.sealing.envelope import Spoiled, unseal
from survey_app.sealing.keys import HolderKey

Forms = Mapping[str, BallotForm]
"""Batch → what its ballots ask."""


@dataclass(slots=True)
class Seen:
    """What was opened already, with and without the outer layer.

    A copy of an envelope counts once, whether it was copied as it is or sealed anew
    around the same inside.
    """

    prints: set[bytes] = field(default_factory=set)

    def is_new(self, *parts: bytes) -> bool:
        """Return whether none of these was there before; from now on they are."""
        prints = {hashlib.sha256(part).digest() for part in parts}
        new = prints.isdisjoint(self.prints)
        self.prints |= prints
        return new


def ballots_in(
    envelopes: Sequence[Sealed], keys: Sequence[HolderKey], forms: Forms, *, seen: Seen
) -> Iterator[tuple[Sealed, Ballot | None]]:
    """Yield every envelope with its ballot; None for a spoiled one.

    Spoiled are what does not open, what was moved from another batch, what is not
    exactly one ballot, and all but the first of envelopes that are copies.
    """
    for sealed, inside, plain in _unsealed(envelopes, keys, forms):
        if not seen.is_new(sealed.envelope, inside) or plain is None:
            yield sealed, None
        else:
            yield sealed, _ballot(forms[sealed.batch_id], plain)


def comments_in(
    envelopes: Sequence[Sealed], keys: Sequence[HolderKey], forms: Forms
) -> Iterator[tuple[int, str]]:
    """Yield (subject, text) of every comment that was written and can be read."""
    seen = Seen()
    for sealed, inside, plain in _unsealed(envelopes, keys, forms):
        if not seen.is_new(sealed.envelope, inside) or plain is None:
            continue
        try:
            comment = read_comment(forms[sealed.batch_id], plain)
        except Malformed:
            continue
        if comment is not None:
            yield comment


def _unsealed(
    envelopes: Iterable[Sealed], keys: Sequence[HolderKey], forms: Forms
) -> Iterator[tuple[Sealed, bytes, bytes | None]]:
    """Yield envelope, what is under its outer layer, and what is inside or None.

    RSA takes all the time there is, and lets other threads run meanwhile.
    """
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        yield from threads.map(partial(_layers, keys, forms), envelopes)


def _layers(
    keys: Sequence[HolderKey], forms: Forms, sealed: Sealed
) -> tuple[Sealed, bytes, bytes | None]:
    """Return the envelope, its inside (itself where it does not open), its content."""
    *inner, outer = keys
    aad = forms[sealed.batch_id].aad
    inside = sealed.envelope
    try:
        inside = unseal(sealed.envelope, [outer], aad=aad)
        return sealed, inside, unseal(inside, inner, aad=aad)
    except Spoiled:
        return sealed, inside, None


def _ballot(form: BallotForm, plain: bytes) -> Ballot | None:
    try:
        return read_answers(form, plain)
    except Malformed:
        return None
