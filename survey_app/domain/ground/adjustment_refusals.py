"""Every way we say no to a bonus or deduction."""

from survey_app.domain.ground.refusals import Refusal
from survey_app.domain.ground.remark import Remark


class AdjustmentRefused(Refusal):
    """The scheme takes no such bonus or deduction; `why` says what is wrong."""

    def __init__(self, why: Remark) -> None:
        super().__init__()
        self.why = why


class AdjustmentStands(Refusal):
    """The very same bonus or deduction waits or counts already."""


class AdjustmentDecided(Refusal):
    """The bonus or deduction was confirmed, withdrawn or reversed before."""
