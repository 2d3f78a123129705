"""Whom somebody means who writes a code or a name into a form."""

from collections.abc import Callable, Sequence

from flask_babel import lazy_gettext
from wtforms.validators import ValidationError

from survey_app.appraisal.rated import Rated

Meant = Callable[[str], Sequence[Rated]]
"""A text → who has this code, or else whoever bears this name."""


def the_one_meant(found: Sequence[Rated]) -> Rated:
    """Return the only one found; raises ValidationError for none and for several."""
    if not found:
        raise ValidationError(
            lazy_gettext("The score sheets of this cycle know no such code.")
        )
    if len(found) > 1:
        raise ValidationError(
            lazy_gettext("Several are called so. Write the code instead.")
        )
    return found[0]


def code_of(rated: Rated) -> str:
    """Return what the office finds a subject by: the cadre's code, or the unit's."""
    return rated.cadre.code if rated.cadre else rated.unit.code
