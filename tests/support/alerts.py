"""Alerts for tests: a few votes, one rule, the alert it makes."""

from survey_app.domain.alerts.alert import Alert
from survey_app.domain.alerts.one_third import alerts_of
from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.counting.tally import Counts, Turnout
from survey_app.domain.scheme.scheme import AlertRule, Design, Scheme
from tests.support.schemes import component, group, one_third, scheme, survey

CHOICES = {"content": 100, "dissatisfied": 0}


def watching(rule: AlertRule | None = None, **designs: Design) -> Scheme:
    """A scheme with one survey, its rater groups and one rule about all of them."""
    groups = tuple(group(key, design=design) for key, design in designs.items())
    return scheme(
        component("survey", survey=survey(*groups, values=CHOICES)),
        alerts=(rule or one_third(*designs),),
    )


def votes(dissatisfied: int, valid: int, **others: int) -> Counts:
    return {
        "content": valid - dissatisfied,
        "dissatisfied": dissatisfied,
    } | others


def judged(
    whole: Scheme, counts: dict[str, Counts], **turnout: Turnout
) -> dict[str, Alert]:
    """Rater group → its alert."""
    tallies = {"survey": {key: {"overall": one} for key, one in counts.items()}}
    evidence = ScoreInput(tallies=tallies, turnout={"survey": turnout})
    return {alert.group: alert for alert in alerts_of(whole, evidence)}


def alone(
    design: Design,
    dissatisfied: int,
    valid: int,
    *,
    turnout: Turnout | None = None,
    rule: AlertRule | None = None,
) -> Alert:
    """The alert of a single rater group of this design."""
    whole = watching(rule or one_third("raters"), raters=design)
    counts: dict[str, Counts] = {"raters": votes(dissatisfied, valid)}
    return judged(whole, counts, raters=turnout or Turnout())["raters"]


def on_roster(dissatisfied: int, valid: int, members: int) -> Alert:
    return alone(
        Design.ROSTER, dissatisfied, valid, turnout=Turnout(membership=members)
    )
