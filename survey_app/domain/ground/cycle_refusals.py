"""Every way we say no about a cycle: its settling, named ratings, corrections."""

from survey_app.domain.ground.refusals import Refusal


class AlreadyRated(Refusal):
    """A rating of this subject with this signature stands there; withdraw it first."""


class RatingSettled(Refusal):
    """The named rating was confirmed or withdrawn before."""


class CycleInUse(Refusal):
    """Surveys or given values hang on the cycle."""


class CycleSettled(Refusal):
    """The cycle is settled: what counts in it changes by corrections only."""


class CycleNotReady(Refusal):
    """A survey of the cycle is open still, so its numbers are not final."""


class CorrectionRefused(Refusal):
    """What was asked for cannot stand there, or nothing of the kind does."""


class CorrectionDecided(Refusal):
    """The correction was confirmed, declined or withdrawn already."""


class CorrectionOutdated(Refusal):
    """Since the correction was requested something else stands there."""


class CorrectionInDoubt(Refusal):
    """Since it was requested, one of the two accounts gave the other a password."""


class AnotherConfirms(Refusal):
    """Whoever requests a correction does not confirm it."""
