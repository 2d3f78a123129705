"""Every way we say no where a mistake about a survey that is out is to be mended."""

from survey_app.domain.ground.refusals import Refusal, SurveyClosed


class SubjectTakenOut(SurveyClosed):
    """The survey goes on, and nobody is asked about this subject any more."""


class LastSubject(Refusal):
    """The survey, or a unit's ballot, is about nobody else: it is voided instead."""


class ResultsSeen(Refusal):
    """Somebody looked at what the closing made, or nobody can tell: it stays closed."""


class EarlierStillOpen(Refusal):
    """The survey whose codes this one takes over takes answers still."""
