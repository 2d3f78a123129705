"""Every way we say no at the door of an open survey: who may come in, and how often."""

from survey_app.domain.ground.refusals import Refusal, SurveyClosed


class ChannelStopped(SurveyClosed):
    """The office takes no more answers through this code; the survey goes on."""


class NotOnTheWeb(Refusal):
    """What comes this way is typed in by others: there is no page for respondents."""


class SlipNeeded(Refusal):
    """Each answer here needs a slip of its own, and none was shown, or no real one."""


class WindowCodeOld(Refusal):
    """The code of a screen that changes was seen too long ago, or not at all."""


class OpenCodeUnexplained(Refusal):
    """A code open to everybody, for people who are known, and no word why."""


class NoSlipsHere(Refusal):
    """Nobody needs a slip to answer through this channel."""


class NoPosterHere(Refusal):
    """The channel is none that hangs on a wall."""
