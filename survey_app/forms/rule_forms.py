"""What is sent about questionnaires and schemes as wholes: copies, files, acts."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField
from wtforms.validators import AnyOf, Length, NumberRange, Optional

from survey_app.forms.sent_file import SentFileField
from survey_app.rulebook.tables import KINDS

AS_COPY, AS_NEXT = "copy", "next"


class KindForm(FlaskForm):
    """Which kind: questionnaire or scheme."""

    kind = HiddenField(validators=[AnyOf(KINDS)])


class CopyRuleForm(KindForm):
    """What is taken as the beginning, and whether its key stays."""

    key = HiddenField(validators=[Length(min=1, max=60)])
    rule = IntegerField(validators=[Optional(), NumberRange(1, 10**9)])
    """The version that is copied; none: the one that is offered now."""
    to = HiddenField(validators=[AnyOf((AS_COPY, AS_NEXT))])


class RuleFileForm(KindForm):
    """A file that somebody wrote or mended elsewhere."""

    file = SentFileField(
        lazy_gettext("File (.toml)"), lazy_gettext("Choose a file first.")
    )


class LanguagesForm(FlaskForm):
    """A workbook of translations for a draft as it was seen."""

    workbook = SentFileField(
        lazy_gettext("Workbook (.xlsx)"), lazy_gettext("Choose a workbook first.")
    )
    seen = IntegerField(validators=[NumberRange(0, 10**9)])


class SeenForm(FlaskForm):
    """An act upon a draft as it was seen."""

    seen = IntegerField(validators=[NumberRange(0, 10**9)])
