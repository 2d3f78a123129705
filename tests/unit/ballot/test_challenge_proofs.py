"""A ballot is opened in public only where an auditor bound himself to its slip."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from survey_app.ballot.paper.challenge import ChallengeProof
from survey_app.ballot.paper.export import Export
from survey_app.ballot.sealing.export_checks import check_export
from survey_app.ballot.sealing.secrets_folder import (
    destroy_secrets,
    keep_proof,
    make_secrets,
    proofs_in,
)
from survey_app.domain.ground.refusals import ExportRefused
from tests.support.sealed_export import cast, export, sealed, signed

BOX = export(
    cast(staff={"good": 5}), challenged=[sealed("1-staff"), sealed("1-staff", "bad")]
)
FIRST, SECOND = BOX.proofs
A, B = ChallengeProof("aa", "CODE", "nonce"), ChallengeProof("bb", "OTHER", "nonce")


def test_ballots_that_auditors_proved_are_opened() -> None:
    check_export(BOX)
    assert Export.from_text(BOX.to_text()) == BOX


@pytest.mark.parametrize(
    "proofs",
    [
        (),
        (FIRST,),
        (FIRST, replace(SECOND, nonce="another")),
        (FIRST, replace(SECOND, code="ANOTHER")),
        # One slip cannot stand for two ballots.
        (FIRST, replace(FIRST, tracker=SECOND.tracker)),
        # Nor can an envelope be put into the row of an auditor's slip.
        (FIRST, replace(SECOND, tracker="00" * 32)),
    ],
)
def test_no_other_ballot_is_opened(proofs: tuple[ChallengeProof, ...]) -> None:
    with pytest.raises(ExportRefused):
        check_export(signed(replace(BOX, proofs=proofs)))


def test_proofs_are_kept_beside_the_secrets_and_destroyed_with_them(
    tmp_path: Path,
) -> None:
    make_secrets(tmp_path, 1)
    for proof in (B, A, A):
        keep_proof(tmp_path, 1, proof)
    keep_proof(tmp_path, 2, B)

    assert proofs_in(tmp_path, 1) == (A, B)
    assert {file.stat().st_mode & 0o077 for file in tmp_path.iterdir()} == {0}

    destroy_secrets(tmp_path, 1)
    assert proofs_in(tmp_path, 1) == ()
    assert proofs_in(tmp_path, 2) == (B,)


def test_a_line_cut_short_by_a_power_cut_is_left_out(tmp_path: Path) -> None:
    keep_proof(tmp_path, 1, A)
    (file,) = tmp_path.iterdir()
    file.write_text(file.read_text() + '{"tracker": "bb", "co')

    assert proofs_in(tmp_path, 1) == (A,)


def test_half_a_line_never_swallows_the_next_proof(tmp_path: Path) -> None:
    keep_proof(tmp_path, 1, A)
    (file,) = tmp_path.iterdir()
    file.write_text(file.read_text() + '{"tracker": "bb", "co')

    keep_proof(tmp_path, 1, B)

    assert proofs_in(tmp_path, 1) == (A, B)
    assert [file] == list(tmp_path.iterdir())


def test_a_disk_that_is_full_takes_no_proof_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_proof(tmp_path, 1, A)
    with monkeypatch.context() as broken:
        broken.setattr("os.fsync", _full)
        with pytest.raises(OSError, match="full"):
            keep_proof(tmp_path, 1, B)

    assert proofs_in(tmp_path, 1) == (A,)


def _full(_: int) -> None:
    raise OSError("full")


def test_of_many_at_once_every_proof_is_kept(tmp_path: Path) -> None:
    proofs = [ChallengeProof(f"{n:02}", "CODE", "nonce") for n in range(40)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda proof: keep_proof(tmp_path, 1, proof), proofs))

    assert proofs_in(tmp_path, 1) == tuple(proofs)
