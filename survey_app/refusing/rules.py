"""What is said about questionnaires and schemes of the office's own."""

from survey_app.domain.ground import rule_refusals
from survey_app.domain.ground.marked import message
from survey_app.domain.ground.refusals import Refusal
from survey_app.refusing.said import Said

RULES: dict[type[Refusal], Said] = {
    rule_refusals.RuleFrozen: Said(
        409,
        office=(
            message("It is ready and stays as it is"),
            message("Begin a next version: it starts as a copy of this one."),
        ),
        back=("rule",),
    ),
    rule_refusals.RuleChanged: Said(
        409,
        office=(
            message("Somebody else saved this draft meanwhile"),
            message(
                "Nothing of what you sent was kept. Look at what changed, then enter "
                "your changes again."
            ),
        ),
        back=("rule",),
    ),
    rule_refusals.RuleDraftStands: Said(
        409,
        office=(
            message("A draft of it is being written already"),
            message("Go on with that draft, or delete it first."),
        ),
        back=("rules",),
    ),
    rule_refusals.RuleKeyTaken: Said(
        409,
        office=(
            message("This version is there already"),
            message("Give it another key or version, then save again."),
        ),
        back=("rule", "rules"),
    ),
    rule_refusals.RuleNotReady: Said(
        409,
        office=(
            message("There is nothing to take out of use"),
            message("Only what is ready is offered; drafts can be deleted."),
        ),
        back=("rule",),
    ),
}
