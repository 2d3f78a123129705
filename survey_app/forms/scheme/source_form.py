"""The document that the numbers of a scheme come from, pasted."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import Length

from survey_app.forms.required import stripped

LONGEST = 200_000


class SourceForm(FlaskForm):
    """The text of the source."""

    source_text = TextAreaField(
        lazy_gettext("Text of the source"),
        validators=[Length(max=LONGEST, message=lazy_gettext("This is too long."))],
        filters=[stripped],
    )
