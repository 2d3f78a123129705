"""Every way we say no about a questionnaire or scheme of the office's own."""

from survey_app.domain.ground.refusals import Refusal


class RuleFrozen(Refusal):
    """It was made ready: from then on nobody changes it, only a next version."""


class RuleChanged(Refusal):
    """Somebody else saved the draft after it was opened here."""


class RuleDraftStands(Refusal):
    """A next version of it is being written already."""


class RuleKeyTaken(Refusal):
    """Another one is called by this key."""


class RuleNotReady(Refusal):
    """It was not made ready, or it was withdrawn: there is nothing to withdraw."""
