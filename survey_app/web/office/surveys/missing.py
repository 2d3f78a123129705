"""What keeps a survey from opening, in words a person can act on, and where to act."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from flask import url_for
from flask_babel import gettext as _

from survey_app.survey.tables import Survey
from survey_app.web.language import words
from survey_app.web.office.found import group_labels, named_in


class Missing(NamedTuple):
    """One thing that is missing."""

    sentence: str
    address: str
    """The page where it is mended."""
    link: str
    """What the link to that page says."""


def missing_parts(survey: Survey, missing: Sequence[str]) -> list[Missing]:
    """Return what each word of `open_survey.missing_to_open` means.

    Groups without a channel say all that "no channel yet" would.
    """
    by_group = any(word.startswith("rater-group:") for word in missing)
    return [
        Missing(_sentence(survey, kind, key), *_mended_at(survey, kind))
        for kind, key in _parted(missing)
        if kind != "channels" or not by_group
    ]


def _parted(missing: Sequence[str]) -> Iterator[tuple[str, str]]:
    for word in missing:
        kind, _colon, key = word.partition(":")
        yield kind, key


def _sentence(survey: Survey, kind: str, key: str) -> str:
    """Return what is missing and what to do."""
    said = {
        "settled": _(
            "Its appraisal cycle is settled: draft the survey anew in another cycle."
        ),
        "subjects": _("The survey is about nobody yet: add its subjects."),
        "channels": _("There is no channel yet: add the channels."),
        "days": _("Its last day has passed: change the days."),
        "component": _(
            "The scheme of this appraisal cycle has no such component: draft the "
            "survey anew."
        ),
        "questionnaire": _(
            "The component asks for another questionnaire: draft the survey anew."
        ),
        "ballot-rules": _(
            "A ballot rule of the scheme asks for more answers than a form has, so "
            "nobody could obey it: draft the survey under a scheme that asks for less."
        ),
    }
    if kind == "rater-group":
        return _("“%(group)s” has no channel: add one.", group=_group(survey, key))
    if kind == "subject":
        return _("No channel leads to %(name)s: add one.", name=_name(survey, key))
    return said[kind]


def _mended_at(survey: Survey, kind: str) -> tuple[str, str]:
    """Return the address of the page where it is mended, and what the link says."""
    if kind == "subjects":
        there = url_for(".choose_subjects", survey_id=survey.id)
        return there, _("Add subjects")
    if kind == "days":
        return url_for(".survey_days", survey_id=survey.id), _("Change the days")
    if kind in {"component", "questionnaire", "ballot-rules", "settled"}:
        return url_for(".new_survey"), _("New survey")
    return url_for(".new_channel", survey_id=survey.id), _("Add a channel")


def _group(survey: Survey, key: str) -> str:
    return words(group_labels(survey)[key])


def _name(survey: Survey, key: str) -> str:
    return named_in(survey)[int(key)].name
