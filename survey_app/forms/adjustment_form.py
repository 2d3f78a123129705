"""Entering a bonus or deduction: whose, which kind, how many points, and why."""

from collections.abc import Callable

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import ValidationError

from survey_app.appraisal.roster.roster_rows import LONGEST
from survey_app.domain.ground.remark import Remark
from survey_app.domain.scheme.scheme import Scheme
from survey_app.domain.scoring.proposal import (
    Proposal,
    kinds_of,
    points_as_kept,
    wrong_points,
)
from survey_app.forms.meant_subject import Meant, the_one_meant
from survey_app.forms.required import choice, chosen, filled, narrow, one_line, stripped


class AdjustmentForm(FlaskForm):
    """One bonus or deduction of one subject."""

    subject = StringField(
        lazy_gettext("Whose it is"), validators=filled(80), filters=[narrow]
    )
    kind = RadioField(lazy_gettext("Kind"), validators=chosen())
    points = StringField(
        lazy_gettext("Points"), validators=filled(20), filters=[narrow]
    )
    reason = TextAreaField(
        lazy_gettext("Reason"), validators=filled(LONGEST), filters=[stripped]
    )
    source = StringField(
        lazy_gettext("The document or evidence, and where it is filed"),
        validators=filled(LONGEST),
        filters=[one_line],
    )

    def __init__(
        self,
        scheme: Scheme,
        meant: Meant,
        say: Callable[[Remark], str],
        likely: str = "",
    ) -> None:
        """Take the rules, who is meant, how a remark is said, and a likely code."""
        self.scheme, self.meant, self.say = scheme, meant, say
        super().__init__(subject=likely)
        self.kind.choices = [choice(one, one) for one in kinds_of(scheme)]

    def validate_subject(self, field: StringField) -> None:
        """Refuse a code or name that is nobody's, or that several share."""
        the_one_meant(self.meant(field.data or ""))

    def validate_points(self, field: StringField) -> None:
        """Refuse what is no number of points, or more than the scheme lets count."""
        if self.kind.data in kinds_of(self.scheme) and field.data:
            wrong = wrong_points(self.scheme, self.kind.data, field.data)
            if wrong is not None:
                raise ValidationError(self.say(wrong))

    def proposal(self) -> Proposal:
        """Return what is proposed; call after `validate` said yes."""
        (subject,) = self.meant(str(self.subject.data))
        return Proposal(
            subject_id=subject.id,
            kind=str(self.kind.data),
            points=points_as_kept(str(self.points.data)),
            reason=str(self.reason.data),
            source=str(self.source.data),
        )
