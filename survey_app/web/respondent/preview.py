"""The page of a questionnaire that nobody is asked yet, for its author to look at.

It is the very page respondents get; what is sent from it leads nowhere.
"""

from flask_babel import gettext as _

from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.forms.answer_form import AnswerForm
from survey_app.survey.asked_survey import SubjectChoice
from survey_app.survey.open_channel import OpenChannel
from survey_app.survey.tables import OPEN
from survey_app.web.clock import today
from survey_app.web.respondent.question_page import draw
from survey_app.web.spoken import speak_as


def preview(asked: Questionnaire, title: str) -> str:
    """Return the page in the language that the address asks for."""
    speak_as(asked)
    day, somebody = today(), SubjectChoice(0, _("Name of whoever is rated"), "")
    channel = OpenChannel("", 0, 0, "", title, asked, (somebody,), OPEN, day, day)
    return draw(channel, AnswerForm.fresh(channel.new_submission()))
