"""A series of surveys that stand alone, and the next survey of one."""

from collections.abc import Sequence

from flask_babel import lazy_gettext
from wtforms import RadioField, SelectMultipleField, StringField
from wtforms.validators import InputRequired

from survey_app.domain.scheme.scheme import SubjectKind
from survey_app.domain.scheme.standalone import COMPONENT
from survey_app.forms.required import choice, chosen, filled, narrow, one_line
from survey_app.forms.survey_forms import DaysForm
from survey_app.survey.draft import SurveyPlan
from survey_app.survey.stand_alone import StandAlone


class FollowForm(DaysForm):
    """The next survey of a series."""

    title = StringField(
        lazy_gettext("Title"), validators=filled(50), filters=[one_line]
    )


class StandAloneForm(FollowForm):
    """A new series and its first survey."""

    name = StringField(
        lazy_gettext("Name of the series"), validators=filled(80), filters=[narrow]
    )
    about = RadioField(
        lazy_gettext("Who is rated"),
        choices=[choice(kind.value, kind.value) for kind in SubjectKind],
        default=SubjectKind.LEADING_BODY.value,
        validators=chosen(),
    )
    raters = RadioField(lazy_gettext("Who answers"), validators=chosen())
    dissatisfied = SelectMultipleField(
        lazy_gettext("Which choices mean “dissatisfied”"),
        validators=[InputRequired(lazy_gettext("Choose at least one."))],
    )

    def __init__(
        self, ratings: Sequence[tuple[str, str]], raters: Sequence[tuple[str, str]]
    ) -> None:
        """Take ratings and groups as (key, label); the last rating is ticked."""
        last = [key for key, _ in ratings[-1:]]
        super().__init__(data={"raters": raters[0][0], "dissatisfied": last})
        self.raters.choices = [choice(key, label) for key, label in raters]
        self.dissatisfied.choices = [choice(key, label) for key, label in ratings]

    def series(self) -> StandAlone:
        """Return the series; call after `validate` said yes."""
        return StandAlone(
            name=str(self.name.data),
            about=SubjectKind(str(self.about.data)),
            raters=str(self.raters.data),
            dissatisfied=tuple(self.dissatisfied.data or ()),
        )

    def plan(self) -> SurveyPlan:
        """Return the first survey; call after `validate` said yes."""
        return SurveyPlan(str(self.title.data), COMPONENT, *self.days())
