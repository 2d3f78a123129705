"""Every way we say no to a correction."""

from survey_app.domain.ground.refusals import Refusal


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
