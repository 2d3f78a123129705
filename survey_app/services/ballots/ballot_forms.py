"""What the ballots of a batch ask, and how long their envelopes are."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.ballots.ballot import COMMENT_SIZE, BallotForm
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.rated import Rated
from survey_app.models.secret_ballot import KeyHolder
from survey_app.models.subject import Subject
from survey_app.models.survey import Survey
from survey_app.sealing.envelope import sealed_size
from survey_app.sealing.keys import PublicKey

HOLDERS = 2
"""Two bodies: neither of them alone can open an envelope."""


def subjects_by_unit(survey: Survey) -> dict[int, tuple[int, ...]]:
    """Return unit → the draft's subjects that belong to it by now, by number."""
    return by_unit(survey.subjects)


def by_unit(subjects: Iterable[Subject | Rated]) -> dict[int, tuple[int, ...]]:
    """Return unit → those of the subjects that belong to it, in their order."""
    found: dict[int, tuple[int, ...]] = {}
    for subject in subjects:
        found[subject.unit_id] = (*found.get(subject.unit_id, ()), subject.id)
    return found


def ballot_form_of(survey: Survey, *, batch_id: str, unit_id: int) -> BallotForm | None:
    """Return the form of a batch's ballots, by the survey as it stands.

    None where nobody could fill one in: no subject of the survey belongs to the unit,
    or a ballot about all of them would be longer than the format allows.
    """
    try:
        return BallotForm(
            survey_id=survey.id,
            batch_id=batch_id,
            questionnaire=Questionnaire.from_json(survey.questionnaire),
            subject_ids=subjects_by_unit(survey).get(unit_id, ()),
        )
    except ValueError:
        return None


def sealing_keys(session: Session, survey_id: int) -> tuple[PublicKey, ...]:
    """Return the holders' public keys, the one that seals first in front."""
    wanted = select(KeyHolder.public_key).where(KeyHolder.survey_id == survey_id)
    kept = session.scalars(wanted.order_by(KeyHolder.place))
    return tuple(PublicKey.from_json(text) for text in kept)


def envelope_sizes(form: BallotForm, keys: tuple[PublicKey, ...]) -> tuple[int, int]:
    """Return how many bytes the envelopes of answers and of comment have."""
    return sealed_size(form.answers_size, keys), sealed_size(COMMENT_SIZE, keys)
