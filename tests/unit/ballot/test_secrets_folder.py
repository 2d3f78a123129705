"""The folder of secrets: whole or missing, for the server alone, gone in the end."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from survey_app.ballot.sealing.secrets_folder import (
    destroy_secrets,
    make_secrets,
    read_secrets,
)
from survey_app.ballot.sealing.signatures import public_of
from survey_app.domain.ground.refusals import SecretsMissing, UnsafeServer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "below" / "secrets"


def only_file(folder: Path) -> Path:
    [file] = folder.iterdir()
    return file


def test_what_was_made_is_read_again(folder: Path) -> None:
    made = make_secrets(folder, 7)

    assert read_secrets(folder, 7) == made
    assert len(made.pepper) == len(made.signing_key) == len(public_of(made.signing_key))
    assert made.pepper != made.signing_key


def test_every_survey_has_its_own(folder: Path) -> None:
    one, other = make_secrets(folder, 1), make_secrets(folder, 11)

    assert one.pepper != other.pepper
    assert one.signing_key != other.signing_key


def test_asked_twice_the_same_are_returned(folder: Path) -> None:
    assert make_secrets(folder, 7) == make_secrets(folder, 7)
    assert len(list(folder.iterdir())) == 1


def test_of_many_at_once_all_get_the_same(folder: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: make_secrets(folder, 7), range(40)))

    assert made == [read_secrets(folder, 7)] * 40
    assert len(list(folder.iterdir())) == 1


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_only_the_server_may_look(folder: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        make_secrets(folder, 7)
    finally:
        os.umask(before)

    assert folder.stat().st_mode & 0o777 == 0o700
    assert only_file(folder).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("mode", [0o710, 0o704, 0o755, 0o770, 0o701])
def test_a_folder_others_can_enter_is_refused(folder: Path, mode: int) -> None:
    make_secrets(folder, 7)
    folder.chmod(mode)

    for attempt in (make_secrets, read_secrets):
        with pytest.raises(UnsafeServer) as refused:
            attempt(folder, 7)
        assert refused.value.reasons == ("secrets-folder-open",)


def test_nothing_is_written_into_an_open_folder(folder: Path) -> None:
    folder.mkdir(parents=True)
    folder.chmod(0o755)

    with pytest.raises(UnsafeServer):
        make_secrets(folder, 7)
    assert list(folder.iterdir()) == []


def test_a_file_others_can_read_is_refused(folder: Path) -> None:
    make_secrets(folder, 7)
    only_file(folder).chmod(0o640)

    with pytest.raises(UnsafeServer):
        read_secrets(folder, 7)


def test_without_folder_or_file_the_secrets_are_missing(folder: Path) -> None:
    with pytest.raises(SecretsMissing):
        read_secrets(folder, 7)
    make_secrets(folder, 7)
    with pytest.raises(SecretsMissing):
        read_secrets(folder, 77)


def test_a_damaged_file_is_missing_and_never_made_anew(folder: Path) -> None:
    make_secrets(folder, 7)
    whole = only_file(folder).read_bytes()

    elsewhere = whole.replace(b'"survey": 7', b'"survey": 8')
    short = json.dumps(json.loads(whole) | {"pepper": "00"}).encode()
    empty = json.dumps(json.loads(whole) | {"signing_key": None}).encode()

    for kept in (
        b"",
        whole[:-1],
        b"null",
        b"[" * 100_000,
        b"\xff",
        elsewhere,
        short,
        empty,
    ):
        only_file(folder).write_bytes(kept)
        for attempt in (read_secrets, make_secrets):
            with pytest.raises(SecretsMissing):
                attempt(folder, 7)
        assert only_file(folder).read_bytes() == kept


def test_destroyed_they_are_gone_and_so_are_their_bytes(folder: Path) -> None:
    made = make_secrets(folder, 7)
    other = make_secrets(folder, 77)
    second_name = folder.parent / "linked"
    os.link(folder / "survey-7.secrets", second_name)

    destroy_secrets(folder, 7)

    with pytest.raises(SecretsMissing):
        read_secrets(folder, 7)
    assert made.pepper.hex().encode() not in second_name.read_bytes()
    assert made.signing_key.hex().encode() not in second_name.read_bytes()
    assert read_secrets(folder, 77) == other


def test_destroying_can_be_repeated_and_needs_nothing(folder: Path) -> None:
    destroy_secrets(folder, 7)
    make_secrets(folder, 7)
    destroy_secrets(folder, 7)
    destroy_secrets(folder, 7)

    assert list(folder.iterdir()) == []


def test_what_a_power_cut_left_beside_the_file_is_destroyed_too(folder: Path) -> None:
    make_secrets(folder, 7)
    left = folder / ".survey-7.secrets.0011223344556677"
    left.write_bytes(b"half a secret")
    of_another = folder / ".survey-77.secrets.0011223344556677"
    of_another.write_bytes(b"not mine")

    destroy_secrets(folder, 7)

    assert list(folder.iterdir()) == [of_another]


def test_an_open_folder_does_not_keep_secrets_from_being_destroyed(
    folder: Path,
) -> None:
    make_secrets(folder, 7)
    folder.chmod(0o755)

    destroy_secrets(folder, 7)

    assert list(folder.iterdir()) == []


def test_no_secret_shows_itself_in_a_log(folder: Path) -> None:
    made = make_secrets(folder, 7)

    assert made.pepper.hex() not in repr(made)
    assert repr(made.pepper) not in repr(made)
    assert repr(made.signing_key) not in repr(made)
