"""The process that lays one paper out; the platform's only importer of WeasyPrint.

Nothing is loaded from anywhere: the paper and its stylesheet come in, a PDF goes out.
"""

import hashlib
import json
import sys
from typing import Any

MISSING = 3


def main() -> None:
    """Read a paper from standard input and write it as PDF to standard output."""
    try:
        from weasyprint import CSS, HTML  # noqa: PLC0415 -- it may be missing
        from weasyprint.urls import URLFetcher  # noqa: PLC0415
    except (ImportError, OSError):
        sys.exit(MISSING)
    told = json.load(sys.stdin.buffer)
    paper: str = told["paper"]
    # A paper has no pictures, and no address in it is ever asked.
    nothing: Any = URLFetcher(allowed_protocols=())
    made: Any = HTML(string=paper, url_fetcher=nothing)
    laid_out = CSS(string=told["style"], url_fetcher=nothing)
    # An identifier of its own content, and no time: the same paper, the same bytes.
    mark = hashlib.sha256(paper.encode()).hexdigest()[:32].encode()
    made.write_pdf(sys.stdout.buffer, stylesheets=[laid_out], pdf_identifier=mark)
