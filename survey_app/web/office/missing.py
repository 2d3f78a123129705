"""What keeps a survey or a ballot from opening: what it is called, and where to act."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext as _

from survey_app.analytics.ballot_desk import unit_names
from survey_app.database import session
from survey_app.domain.ground.missing import Lack, Missing, worth_telling
from survey_app.survey.rated import rated_some
from survey_app.survey.tables import Survey
from survey_app.web.language import words
from survey_app.web.office.ballots.found import found_box
from survey_app.web.office.ballots.page import batch_lines
from survey_app.web.office.found import group_labels, looking

Place = tuple[str, dict[str, Any], str]
"""A page of the office, what its address needs, and what the link to it says."""
MOST = 50
"""Subjects that are named for lacking the same."""
OF_BATCHES = (Lack.BATCH_WAITING, Lack.BATCH_OUTGROWN, Lack.BATCH_CHANGED)


class StillToDo(NamedTuple):
    """One thing that is missing, as the page tells it."""

    sentence: str
    address: str
    """The page where it is mended."""
    link: str
    """What the link to that page says."""


def still_to_do(survey: Survey, missing: Iterable[Missing]) -> list[StillToDo]:
    """Return what is missing in words, each with the way to mend it.

    Of one thing that many subjects lack the first ones are named, and how many more.
    """
    told = worth_telling(missing)
    lost = [int(one.of) for one in told if one.lack is Lack.WAY_TO_SUBJECT]
    with looking() as reader:
        named = {one.id: one.name for one in rated_some(reader, survey.id, lost[:MOST])}
    more = set(lost[MOST:])
    lines = [
        StillToDo(one.say(_, _name(survey, one, named)), *_mended_at(survey, one))
        for one in told
        if one.lack is not Lack.WAY_TO_SUBJECT or int(one.of) not in more
    ]
    if more:
        anew = Missing(Lack.WAY_TO_SUBJECT, min(more))
        sentence = _("No channel leads to %(count)s more either.", count=len(more))
        lines.append(StillToDo(sentence, *_mended_at(survey, anew)))
    return lines


def _name(survey: Survey, missing: Missing, named: Mapping[int, str]) -> str:
    """Return what the thing is called that it is about; empty where there is none."""
    of = missing.of
    if missing.lack is Lack.WAY_OF_GROUP:
        return words(group_labels(survey)[str(of)])
    if missing.lack is Lack.WAY_TO_SUBJECT:
        return named[int(of)]
    if missing.lack is Lack.UNIT:
        return unit_names(session(), survey.id).get(int(of), str(of))
    if missing.lack in OF_BATCHES:
        return _batch(survey, str(of))
    return ""


def _batch(survey: Survey, batch_id: str) -> str:
    """Return unit and letter of a batch."""
    lines = batch_lines(survey, found_box(survey.id))
    named = {line.batch.id: f"{line.unit} {line.letter}" for line in lines}
    return named.get(batch_id, batch_id[:8])


def _mended_at(survey: Survey, missing: Missing) -> tuple[str, str]:
    """Return the address of the page where it is mended, and what the link says."""
    at: dict[str, Any] = {"survey_id": survey.id}
    anew: Place = (".new_survey", {}, _("New survey"))
    channel: Place = (".new_channel", at, _("Add a channel"))
    tickets: Place = (".survey", at | {"_anchor": "batches"}, _("Batches of tickets"))
    batch = at | {"batch_id": missing.of}
    void: Place = (".confirm_voiding", batch, _("Void the batch"))
    unit = at | {"unit_id": missing.of}
    places: dict[Lack, Place] = {
        Lack.SETTLED: anew,
        Lack.SUBJECTS: (".choose_subjects", at, _("Add subjects")),
        Lack.CHANNELS: channel,
        Lack.DAYS: (".survey_days", at, _("Change the days")),
        Lack.WAY_TO_SUBJECT: channel,
        Lack.COMPONENT: anew,
        Lack.QUESTIONNAIRE: anew,
        Lack.BALLOT_RULES: anew,
        Lack.WAY_OF_GROUP: channel,
        Lack.KEY_HOLDERS: (".key_holding", at, _("Key holders")),
        Lack.BATCHES: tickets,
        Lack.UNIT: (".unit_numbers", unit, _("Numbers of people")),
        Lack.BATCH_WAITING: (".confirm_issuing", batch, _("Issue the tickets")),
        Lack.BATCH_OUTGROWN: void,
        Lack.BATCH_CHANGED: void,
        Lack.SECRETS: tickets,
        Lack.COMMITMENTS: (".audit_commitments", at, _("Audit commitments")),
    }
    page, parts, link = places[missing.lack]
    return url_for(page, **parts), link
