"""A workbook on its way to whoever asked for it."""

from collections.abc import Iterator
from io import BytesIO

from flask import Response, send_file

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(content: bytes, name: str) -> Response:
    """Return a workbook to be saved under this name."""
    response = send_file(
        BytesIO(content), mimetype=XLSX, as_attachment=True, download_name=name
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def kept_workbook(
    parts: Iterator[bytes], size: int, name: str, kind: str = XLSX
) -> Response:
    """Return a kept file of so many bytes that is sent as its parts are read."""
    response = workbook(b"", name)
    response.mimetype = kind
    response.response, response.content_length = parts, size
    return response


def text_file(text: str, name: str) -> Response:
    """Return a text, letter for letter, to be saved under this name."""
    response = send_file(
        BytesIO(text.encode()),
        mimetype="application/toml",
        as_attachment=True,
        download_name=name,
    )
    response.headers["Cache-Control"] = "no-store"
    return response
