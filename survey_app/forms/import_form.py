"""Sending a roster workbook."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField


class ImportForm(FlaskForm):
    """One workbook, to be checked or to be imported."""

    workbook = FileField(
        lazy_gettext("Workbook (.xlsx)"),
        validators=[FileRequired(lazy_gettext("Choose a workbook first."))],
    )

    renaming = BooleanField(
        lazy_gettext(
            "I have compared the names: these rated people and units do bear another "
            "name now, and no code is wrong."
        )
    )

    def content(self) -> bytes:
        """Return the file as it was sent; call only after `validate` said yes."""
        sent: bytes = self.workbook.data.read()
        return sent
