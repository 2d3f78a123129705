"""Every way we say no about a cycle: settling, ratings, adjustments, corrections."""

from survey_app.domain.ground.refusals import Refusal
from survey_app.domain.ground.remark import Remark


class AlreadyRated(Refusal):
    """A rating of this subject with this signature stands there; withdraw it first."""


class RatingSettled(Refusal):
    """The named rating was confirmed or withdrawn before."""


class CycleInUse(Refusal):
    """Surveys or given values hang on the cycle."""


class CycleSettled(Refusal):
    """The cycle is settled: what counts in it changes by corrections only."""


class CycleNotSettled(Refusal):
    """Its scores are not final yet, so nothing is compared with them."""


class CycleNotReady(Refusal):
    """A survey of it is open still, or a bonus or deduction waits to be confirmed."""


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


class AdjustmentRefused(Refusal):
    """The scheme takes no such bonus or deduction; `why` says what is wrong."""

    def __init__(self, why: Remark) -> None:
        super().__init__()
        self.why = why


class AdjustmentStands(Refusal):
    """The very same bonus or deduction waits or counts already."""


class AdjustmentDecided(Refusal):
    """The bonus or deduction was confirmed, withdrawn or reversed before."""
