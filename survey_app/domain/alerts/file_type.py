"""What kind of file it is, by its content alone: few kinds, and none with a program.

The name a file comes with says nothing here. An office file is a ZIP archive whose list
of contents says what it is; that list is read, and nothing of it is unpacked but the
one small entry that names the parts. A file whose list promises more than a sane
document holds is refused before anything is.
"""

import re
from dataclasses import dataclass
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from survey_app.domain.ground.alert_refusals import AttachmentRefused
from survey_app.domain.ground.clean_text import clean_name


@dataclass(frozen=True, slots=True)
class FileType:
    """A kind of file that is kept."""

    mime: str
    ending: str


PDF = FileType("application/pdf", "pdf")
PICTURES = (
    (b"\x89PNG\r\n\x1a\n", FileType("image/png", "png")),
    (b"\xff\xd8\xff", FileType("image/jpeg", "jpg")),
    (b"GIF87a", FileType("image/gif", "gif")),
    (b"GIF89a", FileType("image/gif", "gif")),
)
_OPEN_XML = "application/vnd.openxmlformats-officedocument."
OFFICE = {
    "wordprocessingml.document": "docx",
    "spreadsheetml.sheet": "xlsx",
    "presentationml.presentation": "pptx",
}
"""Kind of document → ending; a document with macros is of another kind."""
OPEN_DOCUMENT = {
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
}
KINDS = "PDF, PNG, JPEG, GIF, DOCX, XLSX, PPTX, ODT, ODS, ODP"
"""What a page says can be attached."""

ENTRIES = 5_000
LISTED = b"PK\x01\x02"
"""How each entry of a list of contents begins."""
UNPACKED = 200 * 1024 * 1024
"""Bytes that all entries together may claim to unpack to."""
LIST = 1024 * 1024
"""Bytes of the one entry that is unpacked."""
PROGRAM = re.compile(
    r"vbaproject|(^|/)macro(s|sheets?)?/|(^|/)basic/|(^|/)scripts/|activex|\.(exe|dll|js|vbs)$",
    re.IGNORECASE,
)
"""Names of entries that hold programs."""
NAME = 120
"""Characters of a name that are kept, without the ending."""
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


def type_of(content: bytes) -> FileType:
    """Return the kind of file; AttachmentRefused for any that is not kept."""
    if content.startswith(b"%PDF-"):
        return PDF
    for magic, kind in PICTURES:
        if content.startswith(magic):
            return kind
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return FileType("image/webp", "webp")
    if content.startswith(b"PK\x03\x04"):
        return _office_type(content)
    raise AttachmentRefused


def _office_type(content: bytes) -> FileType:
    if content.count(LISTED) > ENTRIES:  # before a list of any length is built of them
        raise AttachmentRefused
    try:
        with ZipFile(BytesIO(content)) as archive:
            names = _checked_names(archive)
            if "[Content_Types].xml" in names:
                return _open_xml(_entry(archive, "[Content_Types].xml"))
            if "mimetype" in names:
                return _open_document(_entry(archive, "mimetype"))
    except (BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError):
        raise AttachmentRefused from None
    raise AttachmentRefused


def _checked_names(archive: ZipFile) -> set[str]:
    """Return the names of the entries; AttachmentRefused where they are too many."""
    entries = archive.infolist()
    if len(entries) > ENTRIES or sum(one.file_size for one in entries) > UNPACKED:
        raise AttachmentRefused
    if any(PROGRAM.search(one.filename) for one in entries):
        raise AttachmentRefused
    return {one.filename for one in entries}


def _entry(archive: ZipFile, name: str) -> str:
    with archive.open(name) as entry:
        read = entry.read(LIST + 1)
    if len(read) > LIST:
        raise AttachmentRefused
    return read.decode("utf-8")


def _open_xml(listed: str) -> FileType:
    if re.search("macro|vbaproject", listed, re.IGNORECASE):
        raise AttachmentRefused
    for kind, ending in OFFICE.items():
        if f'"{_OPEN_XML}{kind}.main+xml"' in listed:
            return FileType(_OPEN_XML + kind, ending)
    raise AttachmentRefused


def _open_document(told: str) -> FileType:
    if told.strip() not in OPEN_DOCUMENT:
        raise AttachmentRefused
    return FileType(told.strip(), OPEN_DOCUMENT[told.strip()])


def kept_name(sent: str, kind: FileType) -> str:
    """Return what the file is called from now on: a clean name, and its true ending."""
    last = sent.replace("\\", "/").rpartition("/")[2]
    stem = clean_name(_NOT_IN_NAMES.sub(" ", last.rpartition(".")[0] or last))
    return f"{stem[:NAME].strip('. ') or 'file'}.{kind.ending}"
