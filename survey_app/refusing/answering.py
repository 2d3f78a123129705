"""What is said to whoever answers, and on every page alike."""

from survey_app.domain.ground import door_refusals, refusals
from survey_app.domain.ground.marked import message
from survey_app.domain.ground.refusals import Refusal
from survey_app.refusing.said import Said

ANSWERING: dict[type[Refusal], Said] = {
    refusals.UnknownChannel: Said(
        404,
        respondent=(
            message("There is no survey behind this code"),
            message(
                "Compare the code with the one printed below the square pattern, and "
                "type it again. If it still does not work, tell the people where you "
                "found it."
            ),
        ),
    ),
    door_refusals.ChannelStopped: Said(
        410,
        respondent=(
            message("This code is not used any more"),
            message(
                "No answers are taken through it; what was counted before stays "
                "counted. Ask the people of this place for another way to answer."
            ),
        ),
    ),
    door_refusals.NotOnTheWeb: Said(
        404,
        respondent=(
            message("There is no page behind this code"),
            message(
                "These answers are given on paper or by telephone, and typed in by "
                "others. Ask the people who gave you the code."
            ),
        ),
    ),
    door_refusals.SlipNeeded: Said(
        403,
        respondent=(
            message("This survey is answered with a slip of your own"),
            message(
                "Each slip has a code of 28 letters and digits and counts once. Scan "
                "the square pattern on your slip, or type its whole code."
            ),
        ),
    ),
    door_refusals.WindowCodeOld: Said(
        403,
        respondent=(
            message("The code on the screen has changed meanwhile"),
            message(
                "It shows that you are on the spot, and changes every two minutes. "
                "Scan the one that stands on the screen now; then take all the time "
                "you need."
            ),
        ),
    ),
    refusals.UnknownReceipt: Said(404),
    refusals.SurveyNotYetOpen: Said(
        403,
        office=(
            message("The survey has not opened yet"),
            message(
                "This step needs an open survey. Whatever a draft needs stands on its "
                "page: change it, delete it, or open it."
            ),
        ),
        respondent=(
            message("This survey has not begun yet"),
            message(
                "Its first day is printed on the poster. Scan the code again on that "
                "day."
            ),
        ),
        back=("survey",),
    ),
    refusals.SurveyClosed: Said(
        410,
        office=(
            message("The survey is closed already"),
            message("A closed survey stays closed; its results can be read."),
        ),
        respondent=(
            message("This survey is closed"),
            message(
                "The survey is over; answers are no longer taken. What was counted "
                "before stays counted and can be checked with the receipt code."
            ),
        ),
        but={
            "sent": (
                message("This survey is closed"),
                message(
                    "The survey is over. The form you sent just now was not counted."
                ),
            ),
        },
        back=("survey",),
    ),
    refusals.SurveyVoid: Said(
        410,
        office=(
            message("This survey was declared void"),
            message(
                "Two people declared it so; the reason stands on its page. Nothing "
                "of it is shown or counted."
            ),
        ),
        respondent=(
            message("This survey was declared void"),
            message(
                "Nothing of it counts, and no answer is taken. Nobody reads what was "
                "sent to it. If there is a new survey, it has a new code."
            ),
        ),
        back=("survey",),
    ),
    refusals.RehearsalOver: Said(409),
    refusals.UnreadableForm: Said(
        400,
        respondent=(
            message("What was sent could not be read"),
            message(
                "Nothing was counted by it. Go back to the page, load it again and "
                "send it once more; another browser may help."
            ),
        ),
    ),
    refusals.TooLarge: Said(
        413,
        office=(
            message("More was sent than can be taken"),
            message(
                "Nothing was changed. Go back, shorten the text or choose a smaller "
                "file, and send it again."
            ),
        ),
        respondent=(
            message("More was sent than a questionnaire can hold"),
            message("Nothing was counted by it. Go back, shorten it and send again."),
        ),
        but={
            "sized": (
                message("More was sent than can be taken"),
                message(
                    "What was sent has %(sent)s; at most %(most)s can be taken here. "
                    "Nothing was changed. Go back: what you typed is still there."
                ),
            ),
        },
    ),
    refusals.TooManyRequests: Said(
        429,
        respondent=(
            message("Very many are answering here just now"),
            message("Wait a minute, then load this page again."),
        ),
        but={
            "ballot": (
                message("Many codes that do not open a ballot came from this network"),
                message(
                    "Compare the code with your slip, wait a minute, then enter it "
                    "again. A code that works is taken at any time."
                ),
            ),
        },
    ),
    refusals.NotKept: Said(
        503,
        office=(
            message("The database does not answer"),
            message("Nothing was changed. Wait a moment and try again."),
        ),
        respondent=(
            message("The system does not respond just now"),
            message(
                "Wait a moment, then load this page again. What was counted before "
                "stays counted."
            ),
        ),
        terminal=message(
            "The database did not answer; nothing was kept. Try again later."
        ),
        once_more=True,
    ),
    refusals.PerhapsKept: Said(
        503,
        terminal=message(
            "The database did not say whether it kept this: look before you try again."
        ),
    ),
    refusals.Damaged: Said(
        503,
        office=(
            message("The database is damaged"),
            message(
                "It cannot be read as it should, so nothing is shown. Tell whoever "
                "runs this server: “survey check” names the damage, a backup restores "
                "it."
            ),
        ),
        respondent=(
            message("The database is damaged"),
            message(
                "It cannot be read as it should, so nothing is shown. The office is "
                "told; come back later."
            ),
        ),
    ),
    refusals.NotFound: Said(
        404,
        office=(
            message("There is no such page"),
            message("It may have been removed. Begin again from the list of surveys."),
        ),
        terminal=message("There is no such survey; look up its number on its page."),
    ),
    refusals.AddressMisused: Said(
        405,
        respondent=(
            message("This address cannot be used like that"),
            message("Scan the code again, or type it in."),
        ),
    ),
}
