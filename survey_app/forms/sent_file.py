"""A file that is sent with a form: measured while it comes in, and told about by size.

Whoever sends too large a file reads how large it is and how large it may be, beside the
field, with everything else of the form still there.
"""

from io import BytesIO
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField
from wtforms.validators import StopValidation

KILO = 1024


class MeasuredFile(BytesIO):
    """What a form brings, in memory only; beyond `most` it is counted and forgotten.

    Nothing that is sent to the office touches a disk: it may be a key, or a roster.
    """

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most
        self.size = 0

    def write(self, data: Any, /) -> int:
        """Keep the data while the file is within its bounds; return its length."""
        self.size += len(data)
        if self.size <= self.most:
            return super().write(data)
        self.seek(0)
        self.truncate()
        return len(data)

    @property
    def is_too_large(self) -> bool:
        """Whether more came than may be kept."""
        return self.size > self.most


class SentFileField(FileField):
    """A field for exactly one file, whole and not empty."""

    def __init__(self, label: Any, missing: Any, **bound: Any) -> None:
        super().__init__(label, validators=[_one_whole_file], **bound)
        self.missing = missing
        self.sent: list[FileStorage] = []

    def process_formdata(self, valuelist: Any) -> None:
        """Take the file; what was sent under the same name is remembered."""
        self.sent = [one for one in valuelist if isinstance(one, FileStorage) and one]
        super().process_formdata(self.sent[:1])

    @property
    def is_too_large(self) -> bool:
        """Whether a file came that is larger than may be taken."""
        return any(_measured(one).is_too_large for one in self.sent)

    def content(self) -> bytes:
        """Return the file as it was sent; call only after `validate` said yes."""
        sent: bytes = self.data.read()
        return sent


def refused_status(*fields: SentFileField) -> int:
    """Return the status of a form that was not taken: 413 where a file is too large."""
    return 413 if any(field.is_too_large for field in fields) else 422


def in_words(size: int, *, up: bool = True) -> str:
    """Return a number of bytes as people say it, such as 5 MB; a part of one counts up.

    5 MB and one byte must not read as 5 MB.
    """
    unit, name = (KILO * KILO, "MB") if size >= KILO * KILO else (KILO, "KB")
    hundredths = (size * 100 + (unit - 1 if up else 0)) // unit
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02}".rstrip("0").rstrip(".") + f" {name}"


def _one_whole_file(_form: Any, field: SentFileField) -> None:
    """Raise StopValidation unless exactly one file came, within its bounds."""
    if not field.sent:
        raise StopValidation(str(field.missing))
    file, *others = field.sent
    name, measured = file.filename or "", _measured(file)
    if others:
        said = lazy_gettext(
            "%(files)s files were sent here at once. Choose one.",
            files=len(field.sent),
        )
    elif measured.is_too_large:
        said = lazy_gettext(
            "“%(name)s” has %(size)s; at most %(most)s can be taken here.",
            name=_short(name),
            size=in_words(measured.size),
            most=in_words(measured.most),
        )
    elif not measured.size:
        said = lazy_gettext(
            "“%(name)s” is empty: it has 0 bytes. Choose the file once more; if it "
            "lies on a network drive or a stick, copy it to this machine first.",
            name=_short(name),
        )
    else:
        return
    raise StopValidation(str(said))


def _measured(file: FileStorage) -> MeasuredFile:
    """Return the file as it was measured; see web.uploads."""
    stream: Any = file.stream
    if isinstance(stream, MeasuredFile):
        return stream
    raise TypeError("a form with a file needs a place in web.uploads.MOST")


def _short(name: str) -> str:
    """Return a file's name, not longer than a line."""
    return name if len(name) <= 60 else f"{name[:40]}…{name[-15:]}"


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
