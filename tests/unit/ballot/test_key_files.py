"""Key files: the right passphrase opens them, and every mistake has its own name."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from survey_app.ballot.sealing.keys import PublicKey, make_key, public_part, unlock
from survey_app.ballot.sealing.signatures import is_signed, stretched
from survey_app.domain.ground.canonical import fingerprint_of, sorted_text
from survey_app.domain.ground.frozen_text import NewerFormat
from survey_app.domain.ground.refusals import (
    KeyRefused,
    WeakPassphrase,
    WrongPassphrase,
)
from tests.support.holder_keys import (
    DEPARTMENT,
    INSPECTION,
    PASSPHRASES,
    made,
    unlocked,
)

PASSPHRASE = PASSPHRASES[DEPARTMENT]


def file_of(holder: str = DEPARTMENT) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(made(holder).private_text)
    return content


def rewritten(content: dict[str, Any]) -> str:
    """The file as somebody writes it who knows how its checksum is made."""
    rest = {key: part for key, part in content.items() if key != "checksum"}
    return json.dumps(rest | {"checksum": fingerprint_of(sorted_text(rest))})


def public_text(**changed: object) -> str:
    return json.dumps(json.loads(made(DEPARTMENT).public.to_json()) | changed)


def pem_of(key: Any) -> str:
    public = key.public_key()
    written = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return str(written, "ascii")


def test_a_key_is_unlocked_and_is_the_one_that_was_made() -> None:
    key = unlocked(DEPARTMENT)
    signature = key.sign(b"head\0...")

    assert key.public == made(DEPARTMENT).public
    ours, theirs = (
        bytes.fromhex(one.public.signing) for one in (key, unlocked(INSPECTION))
    )
    assert is_signed(ours, b"head\0...", signature)
    assert not is_signed(ours, b"export\0...", signature)
    assert not is_signed(theirs, b"head\0...", signature)


def test_a_passphrase_may_be_typed_on_a_chinese_keyboard() -> None:
    made_key = make_key("a", "ＡＢＣ１２３ cafe\u0301 密码", bits=2048)

    assert unlock(made_key.private_text, "ABC123 caf\u00e9 密码").public.holder == "a"


@pytest.mark.parametrize("wrong", ["", PASSPHRASE + " ", PASSPHRASE.upper(), "\ud800"])
def test_a_wrong_passphrase_is_called_one(wrong: str) -> None:
    with pytest.raises(WrongPassphrase):
        unlock(made(DEPARTMENT).private_text, wrong)


def test_the_passphrase_of_the_other_holder_opens_nothing() -> None:
    with pytest.raises(WrongPassphrase):
        unlock(made(DEPARTMENT).private_text, PASSPHRASES[INSPECTION])


@pytest.mark.parametrize("weak", ["", "eleven char", "a" * 40, " " * 12])
def test_a_weak_passphrase_is_refused_before_a_key_is_made(weak: str) -> None:
    with pytest.raises(WeakPassphrase):
        make_key("a", weak)


def test_the_passphrase_is_stretched_before_it_locks_anything() -> None:
    content = file_of()
    for secret in (content["sealing"], content["signing"]):
        # One wrong passphrase in 256 unlocks to what is no key.
        with pytest.raises(ValueError, match=r"password|deserialize"):
            load_pem_private_key(secret.encode(), PASSPHRASE.encode())
        salt = bytes.fromhex(content["salt"])
        assert load_pem_private_key(secret.encode(), stretched(PASSPHRASE, salt))


def test_a_file_saved_by_a_windows_editor_is_opened() -> None:
    text = "\ufeff" + made(DEPARTMENT).private_text.replace("\n", "\r\n")

    assert unlock(text, PASSPHRASE).public == made(DEPARTMENT).public


def test_no_two_files_have_the_same_salt() -> None:
    assert file_of()["salt"] != file_of(INSPECTION)["salt"]


def test_a_file_cut_anywhere_is_no_key_file() -> None:
    text = made(DEPARTMENT).private_text

    # The very last character is the end of the line.
    for size in [*range(0, len(text) - 2, 97), len(text) - 2]:
        with pytest.raises(KeyRefused):
            unlock(text[:size], PASSPHRASE)


@pytest.mark.parametrize("part", ["public", "salt", "sealing", "signing", "checksum"])
def test_a_damaged_file_is_not_called_a_wrong_passphrase(part: str) -> None:
    foreign = file_of() | {part: file_of(INSPECTION)[part]}
    halved = file_of() | {part: "\ud800"}
    missing = {key: value for key, value in file_of().items() if key != part}

    for content in (foreign, halved, missing):
        with pytest.raises(KeyRefused):
            unlock(json.dumps(content), PASSPHRASE)


@pytest.mark.parametrize(
    "text",
    ["", "null", "[]", "{}", "[" * 100_000, "9" * 5000, '"\\ud800"', "ballot\0"],
)  # fmt: skip
def test_a_foreign_file_is_no_key_file(text: str) -> None:
    with pytest.raises(KeyRefused):
        unlock(text, PASSPHRASE)


def test_a_public_key_is_no_key_file() -> None:
    with pytest.raises(KeyRefused):
        unlock(made(DEPARTMENT).public.to_json(), PASSPHRASE)


@pytest.mark.parametrize("part", ["sealing", "signing"])
def test_private_keys_must_be_those_of_the_public_part(part: str) -> None:
    other = file_of(INSPECTION)["public"]
    content = file_of()
    content["public"] |= {part: other[part]}

    with pytest.raises(KeyRefused):
        unlock(rewritten(content), PASSPHRASE)


@pytest.mark.parametrize("change", [
    {"format": "survey-kez-1"}, {"salt": "00"}, {"salt": 7}, {"sealing": None},
    {"sealing": "nothing"}, {"public": "text"}, {"public": {}},
    {"public": ["holder", "sealing", "signing"]},
])  # fmt: skip
def test_a_file_made_up_is_no_key_file(change: dict[str, Any]) -> None:
    with pytest.raises(KeyRefused):
        unlock(rewritten(file_of() | change), PASSPHRASE)


def test_a_key_file_of_a_later_program_says_so() -> None:
    later = file_of() | {"format": "survey-key-2", "said later": 1}

    with pytest.raises(NewerFormat):
        unlock(rewritten(later), PASSPHRASE)
    with pytest.raises(NewerFormat):
        public_part(json.dumps(later))


def test_keys_in_each_others_place_are_refused() -> None:
    content = file_of()
    swapped = {"sealing": content["signing"], "signing": content["sealing"]}

    with pytest.raises(KeyRefused):
        unlock(rewritten(content | swapped), PASSPHRASE)


def test_a_key_that_stands_there_unlocked_is_refused() -> None:
    clear = unlocked(DEPARTMENT).sealing.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )

    with pytest.raises(KeyRefused):
        unlock(rewritten(file_of() | {"sealing": clear.decode()}), PASSPHRASE)


def test_a_public_key_reads_back() -> None:
    key = made(DEPARTMENT).public

    assert PublicKey.from_json(key.to_json()) == key
    assert PublicKey.from_json(public_text()).fingerprint == key.fingerprint
    assert key.fingerprint != made(INSPECTION).public.fingerprint
    assert key.bits == 2048


@pytest.mark.parametrize("make", [
    lambda: rsa.generate_private_key(65537, 1024),  # noqa: S505 -- to be refused
    lambda: rsa.generate_private_key(3, 2048),
    lambda: ec.generate_private_key(ec.SECP256R1()),
    lambda: dsa.generate_private_key(2048),
], ids=["short", "exponent", "curve", "signatures-only"])  # fmt: skip
def test_a_key_of_another_kind_is_not_sealed_to(make: Callable[[], Any]) -> None:
    with pytest.raises(KeyRefused):
        PublicKey.from_json(public_text(sealing=pem_of(make())))


@pytest.mark.parametrize("change", [
    {"holder": ""}, {"holder": " "}, {"holder": "a\nb"}, {"holder": "a" * 201},
    {"holder": 7}, {"holder": "\ud800"}, {"sealing": ""}, {"sealing": "é"},
    {"signing": ""}, {"signing": "0" * 62},
    {"signing": "zz" * 32}, {"signing": "AB" * 32}, {"signing": None}, {"more": "x"},
])  # fmt: skip
def test_a_malformed_public_key_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(KeyRefused):
        PublicKey.from_json(public_text(**change))


def test_a_sealing_key_is_written_one_way_only() -> None:
    pem = made(DEPARTMENT).public.sealing

    for other in (pem + "\n", pem.replace("\n", "\r\n"), "# mine\n" + pem, pem * 2):
        with pytest.raises(KeyRefused):
            PublicKey.from_json(public_text(sealing=other))


@pytest.mark.parametrize("text", ["", "[]", "null", '{"holder": "a"}', "[" * 100_000])
def test_what_is_no_public_key_is_refused(text: str) -> None:
    with pytest.raises(KeyRefused):
        PublicKey.from_json(text)


def test_neither_name_nor_length_is_taken_unseen() -> None:
    for holder, bits in (("", 2048), ("a", 512), ("a", 2052), ("a", 16384)):
        with pytest.raises(KeyRefused):
            make_key(holder, PASSPHRASE, bits=bits)


def test_no_key_shows_itself_in_a_log() -> None:
    key = unlocked(DEPARTMENT)
    shown = repr(key) + repr(made(DEPARTMENT))

    assert key.signing.hex() not in shown
    assert repr(key.signing) not in shown
    assert "PRIVATE" not in shown
