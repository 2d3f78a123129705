"""One reader's verdict on one comment, and themes of them all."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import IntegerField, SubmitField, TextAreaField
from wtforms.validators import ValidationError

from survey_app.survey.review_comment import Review, Verdict, edited, is_edit_of
from survey_app.survey.themes import LONGEST, MOST, in_lines


class CommentForm(FlaskForm):
    """The text as it may be shown, and two buttons: pass it, or withhold it."""

    text = TextAreaField(
        lazy_gettext("As it may be shown"), filters=[lambda text: edited(text or "")]
    )
    passes = SubmitField()
    """Sent by the first button; without it the comment is withheld."""

    def __init__(self, original: str, proposed: Review | None = None) -> None:
        """Take the text as it was written and, where there is one, a reader's edit."""
        shown = proposed.text if proposed and proposed.text else original
        super().__init__(data={"text": shown})
        self._original = original

    @property
    def verdict(self) -> Verdict:
        """What the reader says."""
        return Verdict.PASS if self.passes.data else Verdict.WITHHOLD

    def validate_text(self, field: TextAreaField) -> None:
        """Refuse to pass nothing, or more than was written."""
        if self.verdict is Verdict.WITHHOLD:
            return
        if not field.data:
            raise ValidationError(
                lazy_gettext("Nothing is left of it: withhold it instead.")
            )
        if not is_edit_of(field.data, self._original):
            raise ValidationError(
                lazy_gettext("Strike out only: this is longer than what was written.")
            )


class ThemesForm(FlaskForm):
    """Themes, one a line, written after the version that was seen."""

    text = TextAreaField(lazy_gettext("Themes"))
    version = IntegerField()

    def __init__(self, text: str = "", version: int = 0) -> None:
        """Begin with the newest themes, where there are any."""
        super().__init__(data={"text": text, "version": version})

    def validate_text(self, field: TextAreaField) -> None:
        """Refuse too many themes, and whole texts."""
        lines = in_lines(field.data or "")
        if len(lines) > MOST:
            raise ValidationError(
                lazy_gettext("These are more than %(most)s themes.", most=MOST)
            )
        long = next((line for line in lines if len(line) > LONGEST), None)
        if long:
            raise ValidationError(
                lazy_gettext("Shorter: “%(line)s”.", line=f"{long[:LONGEST]}…")
            )
