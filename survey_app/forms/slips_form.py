"""How many single-use codes to make, and on what they are handed out."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from survey_app.survey.slips import MOST_AT_ONCE


class SlipsForm(FlaskForm):
    """How many slips are made."""

    number = IntegerField(
        lazy_gettext("How many"),
        validators=[
            InputRequired(lazy_gettext("Give a number from 1 to 2,000.")),
            NumberRange(
                1, MOST_AT_ONCE, message=lazy_gettext("Give a number from 1 to 2,000.")
            ),
        ],
    )
