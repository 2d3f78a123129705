"""What an address of a secret ballot points to, or a refusal; and its plain names."""

from collections.abc import Callable, Collection
from pathlib import Path

from survey_app.analytics.ballot_desk import (
    BoxNow,
    ballot_box_of,
    batch_of,
    box_now,
    merges_in,
)
from survey_app.ballot.tables import BallotBox, Batch
from survey_app.database import OUT_OF_REACH, ballot_engine, session
from survey_app.domain.counting.merged_groups import Merged, counted_together
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.refusals import (
    AlreadyOpened,
    NotFound,
    NotKept,
    SecretsMissing,
    WrongMode,
)
from survey_app.domain.questionnaire.questionnaire import listed
from survey_app.survey.rated import rated_of
from survey_app.survey.tables import DRAFT, Survey
from survey_app.web.office.found import found_survey, group_labels, settings

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def found_secret(survey_id: int) -> Survey:
    """Return the secret survey with its parts; raises NotFound or WrongMode."""
    survey = found_survey(survey_id)
    if not survey.is_secret:
        raise WrongMode
    return survey


def secret_draft(survey_id: int) -> Survey:
    """Return a secret survey that can still be changed; AlreadyOpened otherwise."""
    survey = found_secret(survey_id)
    if survey.state != DRAFT:
        raise AlreadyOpened
    return survey


def found_box(survey_id: int) -> BallotBox | None:
    """Return the survey's box, None before anything was prepared.

    Raises NoBallotDatabase, and NotKept where the database does not answer.
    """
    try:
        return ballot_box_of(ballot_engine(), survey_id)
    except OUT_OF_REACH as error:
        raise NotKept from error


def found_state(survey_id: int) -> BoxNow | None:
    """Return how far the survey's box is, as `found_box` would."""
    try:
        return box_now(ballot_engine(), survey_id)
    except OUT_OF_REACH as error:
        raise NotKept from error


def found_batch(survey_id: int, batch_id: str) -> Batch:
    """Return a batch of this survey; raises NotFound."""
    batch = batch_of(ballot_engine(), batch_id)
    if batch is None or batch.survey_id != survey_id:
        raise NotFound
    return batch


def secrets_folder() -> Path:
    """Return the folder of peppers and signing keys; SecretsMissing without one."""
    folder = settings().secrets_folder
    if folder is None:
        raise SecretsMissing
    return folder


def units_of(survey: Survey) -> dict[int, str]:
    """Return unit → name, of the units whose people rate the survey's subjects."""
    rated = rated_of(session(), survey.id)
    return {subject.unit_id: subject.unit.shown for subject in rated}


def letters_of(survey: Survey) -> dict[str, str]:
    """Return rater group → the letter on its slips: A, B, C in the scheme's order."""
    return dict(zip(group_labels(survey), LETTERS, strict=False))


def merged_into(
    asked: Collection[str], merges: Merged, batch: Batch
) -> tuple[str, ...]:
    """Return which of those asked draw from this batch, in the scheme's order."""
    into = merges.get(batch.unit_id, {})
    return counted_together(batch.rater_group, tuple(asked), into)


def merges_of(survey_id: int) -> Merged:
    """Return unit → group → the group it is counted in, where that is another."""
    return merges_in(ballot_engine(), survey_id)


def group_namer(survey: Survey) -> Callable[[tuple[str, ...]], Bilingual]:
    """Return what gives groups that are counted together their name.

    Their labels are asked for once, however many batches there are.
    """
    labels = group_labels(survey)

    def named(groups: tuple[str, ...]) -> Bilingual:
        return listed([labels.get(key, Bilingual(key, key)) for key in groups])

    return named
