"""What an address of a secret ballot points to, or a refusal; and its plain names."""

from pathlib import Path

from survey_app.analytics.ballot_desk import ballot_box_of, batches_of
from survey_app.ballot.held_box import manifest_in, noted_merges
from survey_app.ballot.tables import ISSUING, BallotBox, Batch
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


def found_batch(survey_id: int, batch_id: str) -> Batch:
    """Return a batch of this survey; raises NotFound."""
    for batch in batches_of(ballot_engine(), survey_id):
        if batch.id == batch_id:
            return batch
    raise NotFound


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


def merged_into(survey: Survey, box: BallotBox | None, batch: Batch) -> tuple[str, ...]:
    """Return the rater groups whose people draw from this batch, in scheme order."""
    into = merges_of(box).get(batch.unit_id, {})
    return counted_together(batch.rater_group, tuple(survey.group_labels), into)


def merges_of(box: BallotBox | None) -> Merged:
    """Return unit → group → the group it is counted in, where that is another."""
    if box is None:
        return {}
    if box.state == ISSUING:
        return noted_merges(box)
    return manifest_in(box).merged


def group_name(survey: Survey, groups: tuple[str, ...]) -> Bilingual:
    """Return what the groups that are counted together are called."""
    labels = group_labels(survey)
    named = [labels.get(key, Bilingual(key, key)) for key in groups]
    return listed(named)
