"""What an address of the office points to, or NotFound; and its plain names."""

from flask import current_app, request

from survey_app.analytics.office_lists import survey_with_parts
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.rated import Rated
from survey_app.database import reading, session
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.refusals import AlreadyOpened, BeingRehearsed, NotFound
from survey_app.settings import Settings
from survey_app.shipped_files import RuleFiles
from survey_app.survey.rated import rated_of
from survey_app.survey.tables import DRAFT, OPEN, REHEARSAL, Survey
from survey_app.web.clock import today


def settings() -> Settings:
    """Return the settings of this process."""
    told: Settings = current_app.extensions["survey_settings"]
    return told


def rule_files() -> RuleFiles:
    """Return the questionnaires and schemes this process knows."""
    return RuleFiles.of(settings().rules)


def found_survey(survey_id: int) -> Survey:
    """Return the survey with its cycle, subjects and channels; raises NotFound.

    Looking it up takes no write lock; while posting it is a picture of that moment.
    """
    if request.method == "POST":
        with reading(session()) as reader:
            survey = survey_with_parts(reader, survey_id)
            reader.expunge_all()
    else:
        survey = survey_with_parts(session(), survey_id)
    if survey is None:
        raise NotFound
    return survey


def found_cycle(cycle_id: int) -> Cycle:
    """Return the cycle; raises NotFound."""
    cycle = session().get(Cycle, cycle_id)
    if cycle is None:
        raise NotFound
    return cycle


def named_in(survey: Survey) -> dict[int, Rated]:
    """Return subject → how the survey names it: frozen with its opening."""
    return {one.id: one for one in rated_of(session(), survey.id)}


def group_labels(survey: Survey) -> dict[str, Bilingual]:
    """Return rater group → label of those asked, in order, unlisted groups last."""
    labels = survey.group_labels
    for channel in survey.channels:
        labels.setdefault(
            channel.rater_group, Bilingual(channel.rater_group, channel.rater_group)
        )
    return labels


def state_of(survey: Survey) -> str:
    """Return the survey's state, and of an open one "waiting", "open" or "over".

    Waiting: opened, its first day to come. Over: its last day has passed, and somebody
    has yet to close it.
    """
    if survey.state != OPEN:
        return survey.state
    if survey.takes_answers(today()):
        return OPEN
    return "over" if survey.is_over(today()) else "waiting"


def found_draft(survey_id: int) -> Survey:
    """Return a survey that can still be changed; raises NotFound or AlreadyOpened."""
    survey = found_survey(survey_id)
    if survey.state == REHEARSAL:
        raise BeingRehearsed
    if survey.state != DRAFT:
        raise AlreadyOpened
    return survey


def signing_key() -> bytes:
    """Return what channel codes are signed with; see domain.printed_code."""
    return settings().secret_key.encode()
