"""A batch as the manifest posts it: counts, and a root over its tickets."""

from collections.abc import Iterable

from survey_app.domain.ballots.manifest import ManifestBatch
from survey_app.domain.ballots.merkle import merkle_root
from survey_app.models.ballots.box import Batch


def posted_batch(batch: Batch, digests: Iterable[bytes]) -> ManifestBatch:
    """Return what is posted of the batch at the opening, from its tickets' digests.

    Made again at closing, it is the same or the tickets were changed.
    """
    return ManifestBatch(
        batch_id=batch.id,
        unit=batch.unit_id,
        rater_group=batch.rater_group,
        eligible=batch.eligible,
        issued=batch.issued,
        tickets_root=merkle_root(digests).hex(),
        requested_by=batch.requested_by,
        issued_by=batch.issued_by or "",
    )
