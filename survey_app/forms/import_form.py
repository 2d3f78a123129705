"""Sending a roster workbook."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField

from survey_app.forms.sent_file import SentFileField


class ImportForm(FlaskForm):
    """One workbook, to be checked or to be imported."""

    workbook = SentFileField(
        lazy_gettext("Workbook (.xlsx)"), lazy_gettext("Choose a workbook first.")
    )

    renaming = BooleanField(
        lazy_gettext(
            "I have compared the names: these rated people and units do bear another "
            "name now, and no code is wrong."
        )
    )

    def content(self) -> bytes:
        """Return the file as it was sent; call only after `validate` said yes."""
        return self.workbook.content()
