"""Copying a signed rating: who, in what capacity, how many points, why, which paper."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from survey_app.domain.counting.evidence import SignedPaper
from survey_app.domain.ground.written_value import Misread, exact, in_digits, tidy_code
from survey_app.forms.meant_subject import Meant, the_one_meant
from survey_app.forms.required import choice, chosen, filled, narrow, stripped


class NamedRatingForm(FlaskForm):
    """One signed paper."""

    place = RadioField(lazy_gettext("What the rating is for"), validators=chosen())
    subject = StringField(
        lazy_gettext("Who is rated"), validators=filled(80), filters=[narrow]
    )
    rater = StringField(
        lazy_gettext("Who signed"), validators=filled(80), filters=[stripped]
    )
    capacity = StringField(
        lazy_gettext("In what capacity"), validators=filled(80), filters=[stripped]
    )
    points = StringField(
        lazy_gettext("Points"), validators=filled(20), filters=[stripped]
    )
    reason = TextAreaField(
        lazy_gettext("Reason"), validators=filled(1000), filters=[stripped]
    )
    signed_on = DateField(
        lazy_gettext("Signed on"),
        validators=[InputRequired(lazy_gettext("Give the day, such as 2026-05-01."))],
    )
    source = StringField(
        lazy_gettext("The signed paper, and where it is filed"),
        validators=filled(200),
        filters=[stripped],
    )

    def __init__(
        self,
        scales: Mapping[str, Fraction],
        meant: Meant,
        today: date,
        likely: str = "",
    ) -> None:
        """Take "component:group" → full marks, and who is meant by a text."""
        super().__init__(subject=likely)
        self.scales, self.meant, self.today = scales, meant, today
        self.place.choices = [choice(one, one) for one in scales]

    def validate_subject(self, field: StringField) -> None:
        """Refuse a code or name that is nobody's, or that several share."""
        the_one_meant(self.meant(field.data or ""))

    def validate_points(self, field: StringField) -> None:
        """Refuse what is no number on the scale."""
        most = self.scales.get(str(self.place.data))
        try:
            points = exact(tidy_code(field.data or ""))
        except Misread:
            points = Fraction(-1)
        if most is not None and not 0 <= points <= most:
            told = gettext("Write a number from 0 to %(most)s.", most=in_digits(most))
            raise ValidationError(told)

    def validate_signed_on(self, field: DateField) -> None:
        """Refuse a day that has not come."""
        if field.data and field.data > self.today:
            raise ValidationError(lazy_gettext("This day has not come yet."))

    def paper(self) -> SignedPaper:
        """Return what was copied; call after `validate` said yes."""
        component, _, group = str(self.place.data).partition(":")
        return SignedPaper(
            subject_id=the_one_meant(self.meant(str(self.subject.data))).id,
            component_key=component,
            rater_group=group,
            rater=str(self.rater.data),
            capacity=str(self.capacity.data),
            points=tidy_code(str(self.points.data)),
            reason=str(self.reason.data),
            signed_on=self.signed_on.data or self.today,
            source=str(self.source.data),
        )


class WithdrawRatingForm(FlaskForm):
    """Why a rating no longer counts."""

    because = StringField(
        lazy_gettext("Reason"), validators=filled(200), filters=[stripped]
    )
