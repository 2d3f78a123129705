"""What an address of the office points to, or NotFound; and its plain names."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app, request
from sqlalchemy.orm import Session

from survey_app.accounts.permissions import Pair
from survey_app.analytics.listed_channels import channels_by_group
from survey_app.analytics.office_lists import survey_of
from survey_app.appraisal.cycle import Cycle
from survey_app.database import reading, session
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.refusals import AlreadyOpened, BeingRehearsed, NotFound
from survey_app.rulebook.offered import OfferedRules, offered
from survey_app.settings import Settings
from survey_app.shipped_files import RuleFiles
from survey_app.survey.tables import DRAFT, OPEN, REHEARSAL, Survey
from survey_app.web.clock import today


def settings() -> Settings:
    """Return the settings of this process."""
    told: Settings = current_app.extensions["survey_settings"]
    return told


def excluded_roles() -> frozenset[Pair]:
    """Return the pairs of roles that exclude each other here."""
    told: frozenset[Pair] = current_app.extensions["survey_excluded"]
    return told


def files() -> RuleFiles:
    """Return the questionnaires and schemes that lie there as files."""
    return RuleFiles.of(settings().rules)


def offered_rules() -> OfferedRules:
    """Return the questionnaires and schemes there are: files, and what is ready."""
    with looking() as reader:
        return offered(reader, files())


def found_survey(survey_id: int) -> Survey:
    """Return the survey with its cycle; raises NotFound.

    Looking it up takes no write lock; while posting it is a picture of that moment.
    """
    if request.method == "POST":
        with reading(session()) as reader:
            survey = survey_of(reader, survey_id)
            reader.expunge_all()
    else:
        survey = survey_of(session(), survey_id)
    if survey is None:
        raise NotFound
    return survey


def found_cycle(cycle_id: int) -> Cycle:
    """Return the cycle; raises NotFound, for a series of stand-alone surveys too."""
    cycle = cycle_or_series(cycle_id)
    if not cycle.appraises:
        raise NotFound
    return cycle


def cycle_or_series(cycle_id: int) -> Cycle:
    """Return the cycle, whether it appraises or not; raises NotFound."""
    cycle = session().get(Cycle, cycle_id)
    if cycle is None:
        raise NotFound
    return cycle


def group_labels(survey: Survey) -> dict[str, Bilingual]:
    """Return rater group → label of those asked, in order, unlisted groups last."""
    labels = survey.group_labels
    with looking() as reader:
        led_to = channels_by_group(reader, survey.id)
    return labels | {k: Bilingual(k, k) for k in led_to if k not in labels}


@contextmanager
def looking() -> Iterator[Session]:
    """Give what something is looked up with; a request that posts takes no lock."""
    if request.method != "POST":
        yield session()
        return
    with reading(session()) as reader:
        yield reader


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
