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


class NoPaperHere(Refusal):
    """Nobody answers on paper through this channel."""


class NoCallsHere(Refusal):
    """Nobody is called through this channel."""


class StackEnded(Refusal):
    """The stack was counted or thrown away before."""


class StackTypedByOthers(Refusal):
    """Two accounts are typing the stack already, or this one typed all of it."""


class SheetOutOfStack(Refusal):
    """The stack has no such sheet, or not at this point."""


class CallTold(Refusal):
    """The outcome of this call was told before; a call counts once."""


class CallFromNowhere(Refusal):
    """The call was begun on no page of this channel."""
