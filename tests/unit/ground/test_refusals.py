"""One tree of refusals, and one table that says each of them to every reader."""

import ast
from pathlib import Path

import pytest

import survey_app
from survey_app.cli.translations_of import translations_of
from survey_app.domain.ground.account_refusals import CodeNotFitting
from survey_app.domain.ground.file_faults import FileRefused
from survey_app.domain.ground.frozen_text import HEAD
from survey_app.domain.ground.refusals import (
    AlreadyOpened,
    KeyRefused,
    NotFound,
    Refusal,
    RehearsalOver,
    SignInFailed,
    SignInNeeded,
    SurveyClosed,
    UnknownReceipt,
    WeakPassword,
    WrongMode,
)
from survey_app.domain.ground.remark import remark
from survey_app.refusing.said import Said
from survey_app.refusing.table import SAID, in_terminal, status_of

HOUSE = Path(survey_app.__file__).parent
AT_ITS_FIELD = {
    CodeNotFitting, RehearsalOver, SignInFailed, SignInNeeded, UnknownReceipt,
    WeakPassword,
}  # fmt: skip
"""Said only where the form is shown again, in the words of that form."""
ASKED_FOR: dict[str, tuple[object, ...]] = {
    "TooManyRequests": (3,),
    "RolesExclude": ("issuer", "counter"),
    "RoleWithoutPlace": ("liaison",),
    "RoleWithoutUnit": ("liaison",),
    "AdjustmentRefused": (remark("adjustment-too-fine"),),
    **dict.fromkeys(
        ("TextRefused", "EarlierFormat", "NewerFormat", "BrokenText"), (HEAD.name,)
    ),
}
"""What some refusals must be told when they are made."""
chinese = translations_of("zh")


def below(above: type[Refusal]) -> set[type[Refusal]]:
    kinds = set(above.__subclasses__())
    return kinds.union(*map(below, kinds)) if kinds else kinds


def is_said(said: Said) -> bool:
    return bool(said.terminal or said.on_any_page())


def test_every_refusal_has_its_place_in_the_table_and_nothing_else_has() -> None:
    assert below(Refusal) == set(SAID)


def test_every_refusal_is_put_into_words() -> None:
    silent = {kind for kind, said in SAID.items() if not is_said(said)}

    assert {kind for kind in silent if not kind.__module__.endswith("file_faults")} == (
        AT_ITS_FIELD
    )


def test_every_status_says_that_something_was_declined() -> None:
    assert {said.status for said in SAID.values()} <= {
        400, 401, 403, 404, 405, 409, 410, 413, 422, 429, 503,
    }  # fmt: skip


@pytest.mark.parametrize("kind", [k for k in SAID if is_said(SAID[k])])
def test_the_terminal_says_it_in_both_languages(kind: type[Refusal]) -> None:
    refusal = kind(*ASKED_FOR.get(kind.__name__, ()))
    told = [in_terminal(refusal, translate) for translate in (str, chinese)]

    assert all(told)
    assert told[0].isascii() or "“" in told[0] or "’" in told[0]
    assert any("\u4e00" <= character <= "\u9fff" for character in told[1]), told[1]
    assert not any("\n" in line for line in told)


def test_the_terminal_uses_the_words_of_a_page_where_it_has_none() -> None:
    assert not SAID[SurveyClosed].terminal

    assert in_terminal(SurveyClosed()) == (
        "The survey is closed already. A closed survey stays closed; its results can "
        "be read."
    )


def test_the_terminal_names_the_reason_that_a_refusal_carries() -> None:
    told = in_terminal(KeyRefused("the key of Li is missing"))

    assert told.startswith(
        "Refused: the key of Li is missing. Compare the fingerprints"
    )


def test_a_page_says_what_the_circumstances_make_of_it() -> None:
    said = SAID[AlreadyOpened]

    assert said.in_office(("cycle",))[0] == "A survey of this cycle has opened"
    assert said.in_office(("sized",)) == said.in_office(()) == said.office
    assert SAID[WrongMode].to_respondent(("sent",)) == SAID[NotFound].respondent


def test_status_numbers_and_words_of_refusals_stand_nowhere_else() -> None:
    """A page asks for the status by the refusal, and names no number beside a kind."""
    assert status_of(NotFound()) == 404
    for room in HOUSE.rglob("*.py"):
        if room.parent.name == "refusing":
            continue
        for node in ast.walk(ast.parse(room.read_text("utf-8"))):
            if isinstance(node, ast.Dict):
                keys = {ast.unparse(key).rpartition(".")[2] for key in node.keys if key}
                assert len(keys & {kind.__name__ for kind in SAID}) < 3, room


def test_a_refusal_is_defined_in_one_of_few_places() -> None:
    places = {kind.__module__.rpartition(".")[2] for kind in SAID}

    assert places == {
        "refusals", "account_refusals", "alert_refusals", "cycle_refusals",
        "door_refusals", "file_faults", "frozen_text", "mistake_refusals",
        "rule_refusals",
    }  # fmt: skip
    assert issubclass(FileRefused, Refusal)
