"""What the forms of the office must keep to, so that they come back whole."""

import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from wtforms.fields.core import UnboundField

import survey_app
from survey_app import forms
from survey_app.forms.required import secret_names

FORMS = [
    import_module(f"{forms.__name__}.{one.name}")
    for one in iter_modules(forms.__path__)
    if one.name.endswith(("_form", "_forms"))
]


def test_no_page_of_the_office_reads_a_form_past_its_wtform() -> None:
    """What a page is given back fills WTForms; other readers would lose it."""
    office = Path(next(iter(survey_app.__path__))) / "web/office"
    reading = {
        file.relative_to(office).as_posix()
        for file in office.rglob("*.py")
        if re.search(r"request\.(form|values)\b", file.read_text("utf-8"))
    }

    # That people agreed to a merge is asked anew; the others read marks and tokens, and
    # the record reads the reason that was given. A sheet or a call is read as a
    # questionnaire's answers are, whose questions no WTForm knows.
    assert reading == {
        "ballots/batches.py", "come_back.py", "form_page.py", "accounts/sign_in.py",
        "recording.py", "surveys/interviews.py", "surveys/typed_channel.py",
        "surveys/typing_in.py",
    }  # fmt: skip


def test_passwords_and_passphrases_are_known_by_name() -> None:
    assert secret_names() == {
        "password", "passphrase", "current", "new", "again",
        "first_passphrase", "second_passphrase", "one_time_code",
    }  # fmt: skip


def test_no_other_field_has_the_name_of_a_secret() -> None:
    """It would not come back."""
    fields = [
        (name, field)
        for module in FORMS
        for form in vars(module).values()
        if isinstance(form, type)
        for name, field in vars(form).items()
        if isinstance(field, UnboundField) and name in secret_names()
    ]

    assert fields
    assert {field.field_class.__name__ for _, field in fields} == {
        "PasswordField",
        "OneTimeField",
    }
