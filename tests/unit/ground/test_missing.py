"""What keeps a survey from opening is told alike in the terminal and on pages."""

from survey_app.domain.ground.broken_promises import WORDS, BrokenPromise
from survey_app.domain.ground.missing import Lack, Missing, in_order, worth_telling
from survey_app.domain.ground.refusals import NotReadyToOpen, UnsafeServer
from survey_app.refusing.table import in_terminal

DAYS, CHANNELS = Missing(Lack.DAYS), Missing(Lack.CHANNELS)
STAFF = Missing(Lack.WAY_OF_GROUP, "staff")


def test_it_is_told_in_the_order_in_which_it_is_mended() -> None:
    batch, other = (Missing(Lack.BATCH_WAITING, one) for one in ("9", "1"))

    assert in_order([batch, other, DAYS, Missing(Lack.SUBJECTS)]) == (
        Missing(Lack.SUBJECTS), DAYS, batch, other,
    )  # fmt: skip


def test_that_there_is_no_channel_is_told_only_where_no_group_says_so() -> None:
    assert worth_telling([STAFF, CHANNELS]) == [STAFF]
    assert worth_telling([CHANNELS]) == [CHANNELS]


def test_the_terminal_tells_everything_that_is_missing() -> None:
    said = in_terminal(NotReadyToOpen(STAFF, DAYS))

    assert said == (
        "Something is missing before the survey opens. Its last day has passed: change "
        "the days. “staff” has no channel: add one."
    )


def test_every_reason_of_an_unsafe_server_comes_with_its_remedy() -> None:
    assert WORDS.keys() == set(BrokenPromise)
    assert len(set(WORDS.values())) == len(BrokenPromise)


def test_the_terminal_tells_what_is_wrong_with_the_server_and_what_to_do() -> None:
    said = in_terminal(UnsafeServer(BrokenPromise.SECRETS_FOLDER_OPEN))

    assert "can read the folder of secrets. Run: chmod 700" in said
