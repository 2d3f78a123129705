"""Settling a cycle and asking for a correction."""

from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from survey_app.forms.required import choice, chosen, filled, stripped
from survey_app.survey.settling.correction import (
    NOTHING,
    Correctable,
    CorrectablePlace,
    component_in,
    is_about_adjustment,
    is_change,
    needs_source,
)


class SettleForm(FlaskForm):
    """That whoever settles has looked: nobody does this by a slip."""

    looked = BooleanField(
        lazy_gettext("I have looked through the score sheets; they may stand."),
        validators=[InputRequired(lazy_gettext("Tick this first."))],
    )


class CorrectionForm(FlaskForm):
    """What is wrong, what is right, and why."""

    place = RadioField(lazy_gettext("What is wrong"), validators=chosen())
    right = StringField(
        lazy_gettext("What is right"), validators=filled(60), filters=[stripped]
    )
    source = StringField(
        lazy_gettext("Source of the new value"),
        validators=[Length(max=200, message=lazy_gettext("This is too long."))],
        filters=[stripped],
    )
    reason = TextAreaField(
        lazy_gettext("Reason"), validators=filled(500), filters=[stripped]
    )

    def __init__(self, found: Correctable, about: str = "") -> None:
        """Take what stands and can be corrected, and which of it is chosen at first.

        A bonus or deduction is most often taken away, so that is proposed.
        """
        place = found.place(about)
        gone = place is not None and is_about_adjustment(place.what)
        super().__init__(place=about, right=NOTHING if gone else "")
        self.place.choices = [choice(one.key, one.key) for one in found.places]
        self._found = found

    @property
    def _chosen(self) -> CorrectablePlace | None:
        return self._found.place(str(self.place.data))

    def validate_right(self, field: StringField) -> None:
        """Refuse what cannot stand there, or stands there already."""
        place = self._chosen
        if place is None or not field.data:
            return
        new = self._found.read(place.what, field.data)
        if new is None:
            raise ValidationError(_cannot_stand(place.what))
        if not is_change(place, new):
            raise ValidationError(lazy_gettext("This is what stands there already."))

    def validate_source(self, field: StringField) -> None:
        """Ask for the source of a value."""
        place = self._chosen
        new = self._found.read(place.what, self.right.data or "") if place else None
        if place and new and needs_source(place.what, new) and not field.data:
            raise ValidationError(
                lazy_gettext("A value needs its source: who determined it, which file.")
            )


def _cannot_stand(what: str) -> Any:
    """Return why this is no content of the kind."""
    if component_in(what) is not None:
        return lazy_gettext("Write a number from 0 to the component’s full marks.")
    if is_about_adjustment(what):
        return lazy_gettext(
            "Write points within the scheme’s cap and without a sign, or 0 where it "
            "shall count no more."
        )
    if what == "post":
        return lazy_gettext("Write 正职 (principal) or 副职 (deputy).")
    if what == "unit":
        return lazy_gettext("Write the code of a unit that has been imported.")
    return lazy_gettext("Fill this in.")
