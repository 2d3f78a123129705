"""A stack of sheets as it is opened: what its cover calls it, and how many they are."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, NumberRange

from survey_app.forms.required import filled, stripped
from survey_app.survey.paper_stacks import MOST_SHEETS


class StackForm(FlaskForm):
    """A new stack."""

    name = StringField(
        lazy_gettext("Name of the stack"), validators=filled(60), filters=[stripped]
    )
    sheets = IntegerField(
        lazy_gettext("Sheets, as counted on its cover"),
        validators=[
            InputRequired(lazy_gettext("Give a number from 1 to 500.")),
            NumberRange(
                1, MOST_SHEETS, message=lazy_gettext("Give a number from 1 to 500.")
            ),
        ],
    )
