"""What the office sends about a secret ballot: keys, numbers, slips, signatures."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, NumberRange, Optional

from survey_app.domain.ground.clean_text import clean_name
from survey_app.forms.required import choice, chosen, filled, stripped
from survey_app.forms.sent_file import SentFileField
from survey_app.survey.tables import MERGE, WITHHOLD

MOST = 100_000
"""People of one rater group in one unit, and signatures on one list."""


def _file(label: Any) -> SentFileField:
    """Return a field for one file that must be chosen."""
    return SentFileField(label, lazy_gettext("Choose the file first."))


class PublicKeyForm(FlaskForm):
    """The public half of one key holder's key."""

    key = _file(lazy_gettext("Public key (….public.json)"))

    def refuse_key(self, *, elsewhere: bool) -> None:
        """Say that the file cannot be used; `elsewhere`: another survey has its key."""
        used = lazy_gettext(
            "Another survey has this key already. Let the holder make a new one "
            "for this survey with “survey-keys make”: each key decrypts one box "
            "and is then destroyed."
        )
        said = lazy_gettext(
            "This is no public key file, or the other place is held by the same body "
            "or with the same key. Take the holder’s “….public.json” again."
        )
        self.key.errors = [used if elsewhere else said]


class SmallGroupsForm(FlaskForm):
    """What happens to a rater group with too few valid ballots."""

    small_groups = RadioField(lazy_gettext("Small groups"), validators=chosen())

    def __init__(self, now: str | None = None) -> None:
        super().__init__(small_groups=now)
        self.small_groups.choices = [choice(one, one) for one in (MERGE, WITHHOLD)]


class LinesForm(FlaskForm):
    """Many things, one on each line: what a scanner types."""

    lines = TextAreaField(lazy_gettext("One per line"))

    def numbered(self) -> list[tuple[int, str]]:
        """Return the lines that say something, with their numbers from 1 on."""
        lines = enumerate((self.lines.data or "").splitlines(), 1)
        return [(number, line) for number, line in lines if line.strip()]


class ChallengeForm(FlaskForm):
    """A slip that an auditor bound himself to, and the receipt of its ballot."""

    code = StringField(lazy_gettext("Code on the slip"), validators=filled(60))
    nonce = StringField(
        lazy_gettext("Nonce"), validators=filled(200), filters=[stripped]
    )
    tracker = StringField(lazy_gettext("Tracker"), validators=filled(60))


class AgreementForm(FlaskForm):
    """The auditors' word, which opening and taking need where there are challenges."""

    agree = BooleanField(
        lazy_gettext(
            "The auditors compared every challenge ballot with their notes, and they "
            "agree."
        )
    )

    def agrees(self) -> bool:
        """Return whether it was given; where not, the field says what to do."""
        if not self.agree.data:
            said = lazy_gettext(
                "Let the auditors compare them first. One difference: stop, the survey "
                "is void."
            )
            self.agree.errors = [said]
        return bool(self.agree.data)


class DecryptedForm(AgreementForm):
    """The result of an opening on another machine."""

    opened = _file(lazy_gettext("Result of the decryption (opened.json)"))

    def text(self) -> str:
        """Return the file's text, "" where it is none; call after `validate`."""
        return text_of(self.opened)

    def refuse_result(self) -> None:
        """Say that the file cannot be taken."""
        said = lazy_gettext(
            "This result is cut short, was changed, or belongs to another box. "
            "Fetch it once more from the machine that decrypted the box."
        )
        self.opened.errors = [said]


class KeyFilesForm(FlaskForm):
    """Both key files and both passphrases, in one sitting; nothing of it is kept."""

    first_key = _file(lazy_gettext("Key file (….key.json)"))
    first_passphrase = PasswordField(
        lazy_gettext("Passphrase"),
        validators=[InputRequired(lazy_gettext("Fill this in."))],
    )
    second_key = _file(lazy_gettext("Key file (….key.json)"))
    second_passphrase = PasswordField(
        lazy_gettext("Passphrase"),
        validators=[InputRequired(lazy_gettext("Fill this in."))],
    )

    def holders(self) -> tuple[tuple[SentFileField, PasswordField], ...]:
        """Return the fields of each holder: key file and passphrase."""
        return (
            (self.first_key, self.first_passphrase),
            (self.second_key, self.second_passphrase),
        )


class DecryptingForm(KeyFilesForm, AgreementForm):
    """Both keys once more, with the auditors' word and the mark of what they saw."""

    compared = HiddenField(filters=[stripped])

    @property
    def mark(self) -> str:
        """What the page with the challenge ballots carried; "" where nothing was."""
        return str(self.compared.data or "")


class VoidSurveyForm(FlaskForm):
    """What ends a survey for good, typed out: nobody does that by a slip."""

    title = StringField(
        lazy_gettext("The survey’s title, typed out"),
        validators=filled(),
        filters=[stripped],
    )

    def names(self, title: str) -> bool:
        """Return whether exactly this was typed; where not, the field says so."""
        if self.title.data != clean_name(title):
            said = lazy_gettext("This is not the title. Type it exactly as it stands.")
            self.title.errors = [said]
        return bool(self.title.data == clean_name(title))


class NumbersForm(FlaskForm):
    """One whole number for each of a few things; see `numbers_form`."""

    def numbers(self) -> dict[str, int]:
        """Return key → number, without the fields left empty; call after `validate`."""
        given = {
            name.removeprefix("n-"): field.data
            for name, field in self._fields.items()
            if name.startswith("n-")
        }
        return {key: number for key, number in given.items() if number is not None}


def numbers_form(
    labels: Mapping[str, str],
    *,
    most: int = MOST,
    known: Mapping[str, int] = MappingProxyType({}),
) -> NumbersForm:
    """Return the form with one number (0 … most) per key, its label beside it.

    What is known stands there already; a number that nobody counted must not.
    """

    class AskedNumbers(NumbersForm):
        """Fields hang on the class, so every question has a class of its own."""

    counted = _counted(most)
    for key, label in labels.items():
        setattr(AskedNumbers, f"n-{key}", IntegerField(label, validators=counted))
    return AskedNumbers(data={f"n-{key}": number for key, number in known.items()})


@dataclass(frozen=True, slots=True)
class SignatureList:
    """The paper list of one batch."""

    label: str
    eligible: int
    """People who may sign it."""
    noted: int | None = None
    """Signatures as they were noted; None: not yet."""


class SignaturesForm(NumbersForm):
    """How many people signed each list of a page; see `signatures_form`.

    A number above the people of the group is a typing error until somebody says that it
    is none: it makes the batch void, and a slip of the finger must not.
    """

    lists: Mapping[str, SignatureList]

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether every number can be, or was confirmed although it cannot."""
        valid = super().validate(extra_validators)
        for key in self.too_many():
            if not self[f"so-{key}"].data:
                self[f"n-{key}"].errors = [self._count_again(key)]
                valid = False
        return valid

    def sent(self) -> dict[str, int | None]:
        """Return list → number, None where its field was emptied; after `validate`."""
        fields = {key: self[f"n-{key}"] for key in self.lists}
        return {key: field.data for key, field in fields.items() if field.raw_data}

    def ask_for(self, missing: Collection[str]) -> None:
        """Say at the fields of these lists that a number is needed to close."""
        for key in self.lists.keys() & set(missing):
            self[f"n-{key}"].errors = [lazy_gettext("Fill this in.")]

    def too_many(self) -> list[str]:
        """Return the lists with more signatures than people."""
        given = self.numbers()
        return [
            key for key, one in self.lists.items() if given.get(key, 0) > one.eligible
        ]

    def _count_again(self, key: str) -> Any:
        return lazy_gettext(
            "More signatures than the %(people)s people of this group. Count again; "
            "did a digit slip in?",
            people=self.lists[key].eligible,
        )


def signatures_form(lists: Mapping[str, SignatureList]) -> SignaturesForm:
    """Return the form with a number and a confirmation for every list, by batch.

    What was noted stands there already; whatever of it is more than the people of the
    group was confirmed when it was noted.
    """

    class AskedSignatures(SignaturesForm):
        """Fields hang on the class, so every question has a class of its own."""

    AskedSignatures.lists = lists
    counted, said = (
        _counted(MOST),
        lazy_gettext(
            "We counted again, and it is so. The batch becomes void: its envelopes "
            "stay shut, and its people vote again."
        ),
    )
    known: dict[str, int | bool] = {}
    for key, one in lists.items():
        setattr(
            AskedSignatures, f"n-{key}", IntegerField(one.label, validators=counted)
        )
        setattr(AskedSignatures, f"so-{key}", BooleanField(said))
        if one.noted is not None:
            known[f"n-{key}"] = one.noted
            known[f"so-{key}"] = one.noted > one.eligible
    return AskedSignatures(data=known)


def _counted(most: int) -> list[Any]:
    """Return the validators of a number of people; a field may be left empty."""
    said = lazy_gettext("Give a whole number from 0 to %(most)s.", most=most)
    return [Optional(), NumberRange(0, most, message=said)]


def text_of(field: SentFileField) -> str:
    """Return the text of the file that was sent, "" for what is no text in UTF-8."""
    return field.content().decode("utf-8-sig", errors="ignore")
