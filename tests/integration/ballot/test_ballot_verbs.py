"""The verbs of key holders, office and auditors, as they would type them."""

import json
import stat
from pathlib import Path

import pytest
from sqlalchemy import Engine

from survey_app.ballot.paper.challenge import commitment_of
from survey_app.ballot.paper.ticket import new_ticket_code, printed_ticket
from survey_app.settings import Settings
from tests.support.decrypted_box import everything
from tests.support.holder_keys import DEPARTMENT, INSPECTION, PASSPHRASES
from tests.support.verbs_desk import Desk, closed_desk, refused, survey


@pytest.fixture
def desk(engine: Engine, ballots: Engine, tmp_path: Path, settings: Settings) -> Desk:
    return closed_desk(engine, ballots, tmp_path, settings)


def test_a_box_is_opened_offline_and_taken_back(desk: Desk) -> None:
    papers = desk.folder / "papers"
    export = desk.survey("ballots", "export", desk.box.survey_id, desk.exported())
    opened = survey(
        "ballots", "open", desk.exported(), *desk.keys, "--to", papers, typed="y\n"
    )  # fmt: skip
    unasked = desk.survey(
        "ballots", "take", desk.box.survey_id, papers / "opened.json", typed="n\n"
    )
    closed = desk.box.row().state
    taken = desk.taken(papers / "opened.json")

    assert "already" in refused(export), "an export is never written over"
    assert opened.exit_code == 0, opened.output
    assert "8 counted" in opened.output
    assert "Challenge ballot" in opened.output
    assert "  U1某 镇长\n    实绩: 差\n    总体: 差\n" in opened.output
    assert "do they agree?" in unasked.output
    assert (unasked.exit_code, closed) == (1, "closed")
    assert taken.exit_code == 0, taken.output
    assert "Pepper and signing key of the server destroyed: yes" in taken.output
    found = everything(desk.box)
    assert (found["state"], found["tickets"], found["secrets"]) == ("done", [], [])
    assert {row[-1] for row in found["counts"]} == {4}  # type: ignore[attr-defined]  # rows


def test_a_difference_ends_an_opening_offline_with_all_else_still_shut(
    desk: Desk,
) -> None:
    papers = desk.folder / "papers"
    said = survey(
        "ballots", "open", desk.exported(), *desk.keys, "--to", papers, typed="n\n"
    )

    assert said.exit_code == 1
    assert said.output.index("Challenge ballot") < said.output.index("do they agree?")
    assert "counted" not in said.output
    assert not papers.exists() or not list(papers.iterdir())


@pytest.mark.parametrize("verb", ["open", "open-here"])
def test_a_challenge_that_does_not_open_ends_everything_unasked(
    engine: Engine, ballots: Engine, tmp_path: Path, settings: Settings, verb: str
) -> None:
    desk = closed_desk(engine, ballots, tmp_path, settings, challenged=b"x" * 2000)
    before, papers = everything(desk.box), desk.folder / "papers"
    of = desk.exported() if verb == "open" else desk.box.survey_id
    said = desk.survey("ballots", verb, of, *desk.keys, "--to", papers, typed="y\ny\n")

    assert said.exit_code == 1
    assert "DOES NOT OPEN" in said.output
    assert "let a counter void the survey" in said.output
    assert "do they agree?" not in said.output
    assert "counted" not in said.output
    assert not papers.exists() or not list(papers.iterdir())
    assert everything(desk.box) == before
    assert len(list(desk.folder.glob("*.key.json"))) == 2


@pytest.mark.parametrize("verb", ["open", "open-here"])
def test_nobody_agrees_before_anything_was_shown(desk: Desk, verb: str) -> None:
    of = desk.exported() if verb == "open" else desk.box.survey_id
    said = desk.survey(
        "ballots", verb, of, *desk.keys, "--to", desk.folder, "--auditors-agree"
    )

    assert said.exit_code == 2
    assert "--auditors-agree" in said.output
    assert "do they agree?" not in said.output
    assert desk.box.row().state == "closed"


def test_only_its_owner_reads_what_a_verb_writes(desk: Desk) -> None:
    files = [desk.folder / "box.export", *desk.opened().iterdir()]

    assert len(files) == 5
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name


def test_a_small_office_opens_here_in_one_sitting(desk: Desk) -> None:
    papers = desk.folder / "papers"
    typed = [PASSPHRASES[INSPECTION], PASSPHRASES[DEPARTMENT], "y", ""]
    said = desk.survey(
        "ballots", "open-here", desk.box.survey_id,
        "--key", desk.folder / "1.key.json", "--key", desk.folder / "0.key.json",
        "--to", papers, typed="\n".join(typed),
    )  # fmt: skip

    assert said.exit_code == 0, said.output
    assert not any(word in said.output for word in PASSPHRASES.values())
    assert not list(desk.folder.glob("*.key.json"))
    assert said.output.count("Destroyed: the key of") == 2
    assert everything(desk.box)["state"] == "done"
    verified = survey(
        "ballots", "verify", papers / "head.json", papers / "fragments.jsonl"
    )
    assert "agrees          signature of the server" in verified.output


def test_a_difference_ends_an_opening_here_before_anything_is_written(
    desk: Desk,
) -> None:
    before = everything(desk.box)
    said = desk.survey(
        "ballots", "open-here", desk.box.survey_id, *desk.keys, typed="n\n"
    )

    assert said.exit_code == 1
    assert said.output.index("Challenge ballot") < said.output.index("do they agree?")
    assert "counted" not in said.output
    assert everything(desk.box) == before
    assert len(list(desk.folder.glob("*.key.json"))) == 2


def test_the_second_time_it_is_refused_and_resume_prints_the_minute(
    desk: Desk,
) -> None:
    opened = desk.opened() / "opened.json"
    early = desk.survey("ballots", "resume", desk.box.survey_id)
    desk.taken(opened)
    again = desk.survey("ballots", "export", desk.box.survey_id, desk.folder / "x")
    resumed = desk.survey("ballots", "resume", desk.box.survey_id)

    assert "not at this step" in refused(early)
    assert "not at this step" in refused(again)
    assert resumed.output.startswith("MINUTE OF THE DECRYPTION")


def test_wrong_keys_and_passphrases_are_one_line_and_change_nothing(
    desk: Desk,
) -> None:
    before = everything(desk.box)
    export, to = desk.exported(), ("--to", desk.folder / "papers")
    half = survey("ballots", "open", export, *desk.key(0), *to)
    (desk.folder / "1.passphrase").write_text("不是这个口令不是这个口令", "utf-8")
    wrong = survey("ballots", "open", export, *desk.keys, *to)
    (desk.folder / "0.key.json").write_text("{}", "utf-8")
    broken = survey("ballots", "open", export, *desk.keys, *to)
    export.write_text(export.read_text("utf-8")[:-100], "utf-8")
    short = survey("ballots", "open", export, *desk.keys, *to)

    assert "the key of 纪检监察机关 is missing" in refused(half)
    assert "passphrase" in refused(wrong)
    assert "fingerprints" in refused(broken)
    assert "cut short" in refused(short)
    assert not (desk.folder / "papers").exists()
    assert everything(desk.box) == before


def test_a_key_is_made_once_and_shown_for_the_wall(tmp_path: Path) -> None:
    phrase = f"{PASSPHRASES[DEPARTMENT]}\n"
    make = ("keys", "make", DEPARTMENT, "--to", tmp_path / "stick")
    said = survey(*make, typed=phrase * 2)
    again = survey(*make, typed=phrase * 2)
    public = (tmp_path / "stick" / f"{DEPARTMENT}.public.json").read_text("utf-8")

    assert said.exit_code == 0, said.output
    assert PASSPHRASES[DEPARTMENT] not in said.output
    assert "Fingerprint for the wall: " in said.output
    assert json.loads(public)["holder"] == DEPARTMENT
    assert "already" in refused(again)
    private = tmp_path / "stick" / f"{DEPARTMENT}.key.json"
    assert stat.S_IMODE(private.stat().st_mode) == 0o600


def test_a_weak_passphrase_and_a_path_for_a_name_are_refused(tmp_path: Path) -> None:
    weak = survey("keys", "make", "甲", "--to", tmp_path, typed="123456\n123456\n")
    path = survey("keys", "make", "../甲", "--to", tmp_path, typed="x\nx\n")

    assert "12 characters" in weak.output
    assert weak.exit_code == path.exit_code == 1
    assert list(tmp_path.iterdir()) == []


def test_a_key_is_destroyed_only_after_its_own_opening(desk: Desk) -> None:
    key = desk.folder / "0.key.json"
    papers = desk.opened()
    stranger = desk.folder / "stranger"
    survey(
        "keys",
        "make",
        "别处",
        "--to",
        stranger,
        typed=f"{PASSPHRASES[DEPARTMENT]}\n" * 2,
    )
    head = papers / "head.json"
    foreign = survey("keys", "destroy", stranger / "别处.key.json", "--head", head)
    hesitant = survey("keys", "destroy", key, "--head", head, typed="n\n")

    assert "was not sealed to this key" in refused(foreign)
    assert hesitant.exit_code == 1
    assert key.exists(), "the server has not said that it took the result"
    gone = survey("keys", "destroy", key, "--head", head, typed="y\n")
    assert gone.exit_code == 0, gone.output
    assert "Signature: ____" in gone.output
    assert not key.exists()


def test_an_auditor_binds_himself_to_a_slip() -> None:
    code = new_ticket_code(bytes(15))
    said = survey("ballots", "commit", printed_ticket(code).lower())
    typed = survey("ballots", "commit", typed=f"{code}\n")
    nonce, commitment = [line.rpartition(" ")[2] for line in said.output.splitlines()]

    assert commitment == commitment_of(code, nonce)
    assert len(nonce) == 32
    assert code not in typed.output
    assert nonce not in typed.output
    assert "no code of a slip" in refused(survey("ballots", "commit", code[:-1]))
