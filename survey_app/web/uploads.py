"""How large a file each page of the office takes, and what becomes of larger ones.

A body is read to its end even where the file in it is too large: a browser whose upload
is cut off shows a page of its own about a broken connection and loses the form.
"""

from typing import IO, Any

from flask import Flask, Request, request

from survey_app.forms.sent_file import MeasuredFile, in_words
from survey_app.web.below_office import before_office
from survey_app.web.headers import LARGEST_BODY

MEGABYTE = 1024 * 1024
MOST = {
    "office.try_workbook": 5 * MEGABYTE,
    "office.import_workbook": 5 * MEGABYTE,
    "office.take_result": 64 * MEGABYTE,
    "office.upload_rule": MEGABYTE,
    "office.take_trial_counts": MEGABYTE,
    "office.take_languages": 2 * MEGABYTE,
    "office.attach": 20 * MEGABYTE,
    "office.add_key": LARGEST_BODY,
    "office.decrypt_challenges": LARGEST_BODY,
    "office.decrypt_on_server": LARGEST_BODY,
}
"""Endpoint → bytes of one file, as the page promises; no form is left out."""
WIDE = {"office.save_questionnaire": MEGABYTE // 2}
"""Endpoint → bytes of a form without files that may be larger than others."""
READ_THROUGH = 128 * MEGABYTE
"""Bytes of a body with a file in it, of which no more than `MOST` is ever kept."""


class Receiving(Request):
    """A request whose files stay in memory and are measured as they come in."""

    def _get_file_stream(self, *_told: Any, **_more: Any) -> IO[bytes]:
        """Return what one file of the form is written into."""
        return MeasuredFile(MOST.get(self.endpoint or "", LARGEST_BODY))


def init_app(app: Flask) -> None:
    """Let every request receive files in this manner."""
    app.request_class = Receiving
    before_office(app, take_a_file)
    app.jinja_env.filters["bytes"] = in_words
    app.jinja_env.globals["most_bytes"] = MOST


def take_a_file() -> None:
    """Raise the limit where files are sent, before anything reads the form."""
    if request.endpoint in MOST:
        request.max_content_length = READ_THROUGH
    elif request.endpoint in WIDE:
        widest = WIDE[request.endpoint]
        request.max_content_length = request.max_form_memory_size = widest
