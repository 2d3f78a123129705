"""What is said where a mistake about a survey that is out cannot be mended so."""

from survey_app.domain.ground import mistake_refusals as refusals
from survey_app.domain.ground.marked import message
from survey_app.domain.ground.refusals import Refusal
from survey_app.refusing.said import Said

MISTAKES: dict[type[Refusal], Said] = {
    refusals.SubjectTakenOut: Said(
        410,
        office=(
            message("The subject was taken out of the survey"),
            message("Two people took it out; the reason stands on the survey's page."),
        ),
        respondent=(
            message("Nobody is asked about this any more"),
            message(
                "The survey goes on without it. Answers given before are not counted "
                "any more, and none are taken."
            ),
        ),
        back=("survey",),
    ),
    refusals.LastSubject: Said(
        409,
        office=(
            message("The survey asks about nobody else"),
            message(
                "The last subject is not taken out: void the survey. Of a secret "
                "ballot, the last subject of a unit stays, too."
            ),
        ),
        back=("survey",),
    ),
    refusals.ResultsSeen: Said(
        409,
        office=(
            message("The survey stays closed"),
            message(
                "A closed survey is opened again only while nobody has seen any "
                "result of it. If it must not count, void it."
            ),
        ),
        back=("survey",),
    ),
    refusals.EarlierStillOpen: Said(
        409,
        office=(
            message("The earlier survey still takes answers"),
            message(
                "This survey takes over its codes. Close the earlier one first; then "
                "open this one."
            ),
        ),
        back=("survey",),
    ),
}
