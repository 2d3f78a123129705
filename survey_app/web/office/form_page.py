"""Where a form of the office stands: the page somebody is led back to.

No Referer is sent (see web.headers), so every form says it itself.
"""

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException

FIELD = "form_page"
"""The hidden field of every form that names its page."""


def form_page() -> str:
    """Return the address at which the page of this request can be loaded again."""
    if request.method in ("GET", "HEAD"):
        return _here()
    named = _named()
    if is_page(named.partition("?")[0]):
        return named
    return _here() if is_page(request.path) else _nearest(request.path)


def is_page(path: str) -> bool:
    """Return whether a page of the office can be loaded from this path."""
    if not path.startswith("/office/"):
        return False
    try:
        endpoint, _ = current_app.create_url_adapter(request).match(path, "GET")  # type: ignore[union-attr]  # there is a request
    except HTTPException:
        return False
    return bool(endpoint.startswith("office."))


def _named() -> str:
    """Return the page that the form names; "" also where the form cannot be read."""
    try:
        return request.form.get(FIELD, "")
    except HTTPException:
        return ""


def _here() -> str:
    return request.full_path.rstrip("?")


def _nearest(path: str) -> str:
    """Return the address of the nearest page above a path."""
    while path := path.rpartition("/")[0]:
        if is_page(path):
            return path
    return url_for("office.home")
