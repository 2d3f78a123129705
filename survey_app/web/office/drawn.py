"""A page that is sent while it is drawn, where it is a long paper.

A paper is printed, signed and filed whole: it has no second page. Of many rows nobody
has to hold all of them, or wait for the last one, to see the first.
"""

from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from typing import Any

from flask import Response, current_app, render_template, stream_with_context
from flask.typing import ResponseReturnValue
from markupsafe import Markup

LONG = 200
"""Rows; a shorter paper is one text, which is compressed."""
HERE = "<!-- rows -->"
"""Where in the page they stand."""


def drawn(
    template: str, name: str, rows: Iterable[Any], *, count: int, **told: Any
) -> ResponseReturnValue:
    """Return the page with so many rows, whole or to be sent piece by piece.

    The template calls them by this name, and draws them in a block "rows" of its own,
    which begins with `here`.
    """
    if count <= LONG:
        return render_template(template, **told, **{name: rows}, here="")
    none: Collection[Any] = ()
    here = Markup(HERE)  # noqa: S704 -- our own word
    page = render_template(template, **told, **{name: none}, here=here)
    head, _, rest = page.partition(HERE)
    drawing = chain((head,), _rows(template, {**told, name: rows, "here": ""}), (rest,))
    return Response(stream_with_context(drawing))


def _rows(template: str, told: dict[str, Any]) -> Iterator[str]:
    """Draw the rows alone, each when it is asked for."""
    found = current_app.jinja_env.get_template(template)
    current_app.update_template_context(told)
    yield from found.blocks["rows"](found.new_context(told))
