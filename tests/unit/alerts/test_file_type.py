"""What a file is, its content says; its name says nothing, and no program comes in."""

import tracemalloc
from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from survey_app.domain.alerts.file_type import PDF, UNPACKED, kept_name, type_of
from survey_app.domain.ground.alert_refusals import AttachmentRefused

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MACRO = "application/vnd.ms-word.document.macroEnabled.main+xml"


def listed(kind: str) -> str:
    return (
        '<Types><Override PartName="/word/document.xml" ContentType="' + kind + '"/>'
        "</Types>"
    )


def archive(entries: Mapping[str, str | bytes] | None = None, **more: str) -> bytes:
    """An office file of these entries."""
    sent = BytesIO()
    with ZipFile(sent, "w", ZIP_DEFLATED, compresslevel=1) as made:
        for name, content in {**(entries or {}), **more}.items():
            made.writestr(name, content)
    return sent.getvalue()


DOCX = archive(
    {"[Content_Types].xml": listed(f"{WORD}.main+xml"), "word/document.xml": "<w/>"}
)


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (b"%PDF-1.7\n...", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n...", "image/png"),
        (b"\xff\xd8\xff\xe0...", "image/jpeg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (DOCX, WORD),
        (
            archive(mimetype="application/vnd.oasis.opendocument.text"),
            "application/vnd.oasis.opendocument.text",
        ),
    ],
)
def test_what_can_be_kept_is_known_by_its_content(content: bytes, mime: str) -> None:
    assert type_of(content).mime == mime


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><script>alert(1)</script>",
        b"MZ\x90\x00 a program",
        b"PK\x03\x04 no archive at all",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old office file",
        b"<svg onload='alert(1)'/>",
        archive({"a.txt": "no document"}),
        archive({"[Content_Types].xml": listed(MACRO)}),
        archive(
            {
                "[Content_Types].xml": listed(f"{WORD}.main+xml"),
                "word/vbaProject.bin": b"\xcc\x61",
            }
        ),
        archive(
            {"Basic/Standard/Module1.xml": "<m/>"},
            mimetype="application/vnd.oasis.opendocument.text",
        ),
        archive(
            {
                "[Content_Types].xml": listed(f"{WORD}.main+xml"),
                "word/media/big.bin": bytes(UNPACKED + 1),
            }
        ),
        archive({"[Content_Types].xml": listed(f"{WORD}.main+xml") + " " * 2**21}),
        DOCX[:-30],
        archive(
            {
                "[Content_Types].xml": listed(f"{WORD}.main+xml"),
                "xl/macrosheets/sheet1.xml": "<m/>",
            }
        ),
    ],
    ids=[
        "empty", "page", "program", "torn", "old", "drawing", "archive", "macro-type",
        "macro-part", "basic", "bomb", "long-list", "cut",
        "macro-sheet",
    ],
)  # fmt: skip
def test_everything_else_is_refused(content: bytes) -> None:
    with pytest.raises(AttachmentRefused):
        type_of(content)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("核查报告.docx", "核查报告.pdf"),
        ("..\\..\\secret/../通知.exe", "通知.pdf"),
        ("a\u202efdp.exe", "afdp.pdf"),
        (' x"<>|?*:\r\nSet-Cookie: y.pdf', "x Set-Cookie y.pdf"),
        ("...", "file.pdf"),
        ("", "file.pdf"),
        ("长" * 300 + ".pdf", "长" * 120 + ".pdf"),
    ],
)
def test_a_name_is_clean_and_ends_as_the_content_says(sent: str, kept: str) -> None:
    assert kept_name(sent, PDF) == kept


def test_a_list_of_contents_of_any_length_costs_nothing() -> None:
    """Read as one, 20 MB of entries would be a hundred times as much in memory."""
    entry = b"PK\x01\x02" + bytes(24) + b"\x01" + bytes(17) + b"a"
    listed = entry * 50_000
    end = b"PK\x05\x06" + bytes(8) + len(listed).to_bytes(4, "little") + bytes(6)
    tracemalloc.start()

    with pytest.raises(AttachmentRefused):
        type_of(b"PK\x03\x04" + listed + end)

    assert tracemalloc.get_traced_memory()[1] < 8 * 1024 * 1024
    tracemalloc.stop()
