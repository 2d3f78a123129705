"""What keeps a survey or a ballot from opening: what it is called, and where to act."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext as _

from survey_app.analytics.ballot_desk import unit_names
from survey_app.database import session
from survey_app.domain.ground.missing import Lack, Missing, worth_telling
from survey_app.survey.rated import rated_some
from survey_app.survey.tables import Survey
from survey_app.web.language import words
from survey_app.web.office.ballots.page import batch_lines
from survey_app.web.office.found import group_labels, looking

Place = tuple[str, dict[str, Any], str]
"""A page of the office, what its address needs, and what the link to it says."""
MOST = 50
"""Subjects, units or batches that are named for lacking the same."""
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

    Of one thing that many lack the first ones are named, and how many more.
    """
    lines = []
    for lack, alike in groupby(worth_telling(missing), key=lambda one: one.lack):
        every = list(alike)
        shown, more = every[:MOST], every[MOST:]
        names = _names(survey, lack, shown)
        lines += [
            StillToDo(one.say(_, names.get(one.of, "")), *_mended_at(survey, one))
            for one in shown
        ]
        if more:
            lines.append(
                StillToDo(_how_many(lack, len(more)), *_mended_at(survey, more[0]))
            )
    return lines


def _how_many(lack: Lack, count: int) -> str:
    """Return how many more lack the same."""
    if lack is Lack.WAY_TO_SUBJECT:
        return _("No channel leads to %(count)s more either.", count=count)
    return _("The same is true of %(count)s more.", count=count)


def _names(
    survey: Survey, lack: Lack, missing: Sequence[Missing]
) -> Mapping[int | str, str]:
    """Return what the things are called that lack it; nothing where it is about none.

    All of them are read at once, however many they are.
    """
    if lack in (Lack.WAY_OF_GROUP, Lack.OPEN_CODE):
        return {key: words(label) for key, label in group_labels(survey).items()}
    if lack is Lack.WAY_TO_SUBJECT:
        lost = [int(one.of) for one in missing]
        with looking() as reader:
            return {one.id: one.name for one in rated_some(reader, survey.id, lost)}
    if lack is Lack.UNIT:
        names = unit_names(session(), survey.id)
        return {one.of: names.get(int(one.of), "") for one in missing}
    if lack in OF_BATCHES:
        lines = batch_lines(survey)
        return {line.batch.id: f"{line.unit} {line.letter}" for line in lines}
    return {}


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
        Lack.DAYS: (".survey_draft", at, _("Change the days")),
        Lack.WAY_TO_SUBJECT: channel,
        Lack.COMPONENT: anew,
        Lack.QUESTIONNAIRE: anew,
        Lack.BALLOT_RULES: anew,
        Lack.WAY_OF_GROUP: channel,
        Lack.OPEN_CODE: (".survey", at | {"_anchor": "channels"}, _("Channels")),
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
