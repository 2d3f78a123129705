"""The verbs of key holders, office and auditors, as they would type them."""

import json
import stat
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from survey_app.cli.main import main
from survey_app.domain.ballots.commitment import commitment_of
from survey_app.domain.ballots.ticket_code import new_ticket_code, printed_ticket
from survey_app.domain.ballots.tracker import printed_tracker, tracker_of
from survey_app.settings import Settings
from tests.ballot_box import NAMES, PASSPHRASES, StandingBox, made_keys, standing_box
from tests.opened_box import everything
from tests.secret_county import secret_county


@dataclass(frozen=True)
class Desk:
    """A server with a closed box, and a folder with both holders' key files."""

    folder: Path
    settings: Settings
    box: StandingBox
    receipt: str
    """The tracker of one of the ballots."""

    @property
    def keys(self) -> list[str]:
        """The options that name both keys and their passphrases."""
        return [word for place in (0, 1) for word in self.key(place)]

    def key(self, place: int) -> list[str]:
        """The options that name one key and its passphrase."""
        file, phrase = (
            self.folder / f"{place}.{kind}" for kind in ("key.json", "passphrase")
        )
        return ["--key", str(file), "--passphrase-file", str(phrase)]

    def survey(self, *words: object, typed: str = "") -> Result:
        """Run a verb with the server's settings."""
        told = {
            "SURVEY_DATABASE_URL": self.settings.database_url,
            "SURVEY_BALLOT_DATABASE_URL": self.settings.ballot_database_url,
            "SURVEY_BALLOT_SECRETS": self.settings.ballot_secrets,
            "SURVEY_SECRET_KEY": "k" * 32,
        }
        return survey(*words, typed=typed, **told)

    def exported(self) -> Path:
        """Export the box and return the file."""
        file = self.folder / "box.export"
        self.survey("ballots", "export", self.box.survey_id, file)
        return file

    def opened(self) -> Path:
        """Open the exported box without a server; return the folder of papers."""
        papers = self.folder / "papers"
        survey("ballots", "open", self.exported(), *self.keys, "--to", papers)
        return papers


def survey(*words: object, typed: str = "", **told: str) -> Result:
    """Run a verb; without settings, unless they are told."""
    spoken = [str(word) for word in words]
    return CliRunner().invoke(main, spoken, env=told, input=typed or None)


@pytest.fixture
def desk(engine: Engine, ballots: Engine, tmp_path: Path, settings: Settings) -> Desk:
    """A closed box of one unit, keys and passphrases in files."""
    folder = Path(settings.ballot_secrets)
    box = standing_box(
        secret_county(engine, units=1), ballots, folder, public_floor=5, shroud=1
    )
    unit = box.county.units[0]
    box.cast_many(unit, "staff", good=4, bad=3)
    digest = box.cast(box.batch(unit, "staff"), "bad", comment="一条意见")
    box.challenge(box.cast(box.batch(unit, "residents"), "bad"))
    receipt = printed_tracker(tracker_of(box.envelope(digest)))
    box.close()
    for place, made in enumerate(made_keys()):
        (tmp_path / f"{place}.key.json").write_text(made.private_text, "utf-8")
        (tmp_path / f"{place}.passphrase").write_text(PASSPHRASES[place], "utf-8")
    return Desk(tmp_path, settings, box, receipt)


def refused(said: Result) -> str:
    """Return the one line a verb refused with."""
    assert said.exit_code == 1
    assert said.exception is None or isinstance(said.exception, SystemExit)
    lines = [line for line in said.output.splitlines() if line]
    assert len(lines) == 1, said.output
    return lines[0]


def test_a_box_is_opened_offline_and_taken_back(desk: Desk) -> None:
    papers = desk.folder / "papers"
    export = desk.survey("ballots", "export", desk.box.survey_id, desk.exported())
    opened = survey(
        "ballots", "open", desk.exported(), *desk.keys, "--to", papers
    )  # fmt: skip
    taken = desk.survey("ballots", "take", desk.box.survey_id, papers / "opened.json")

    assert "already" in refused(export), "an export is never written over"
    assert opened.exit_code == 0, opened.output
    assert "8 counted" in opened.output
    assert "Challenged ballot" in opened.output
    assert taken.exit_code == 0, taken.output
    assert "Pepper and signing key of the server destroyed: yes" in taken.output
    found = everything(desk.box)
    assert (found["state"], found["tickets"], found["secrets"]) == ("done", [], [])
    assert {row[-1] for row in found["counts"]} == {4}  # type: ignore[attr-defined]  # rows


def test_only_its_owner_reads_what_a_verb_writes(desk: Desk) -> None:
    files = [desk.folder / "box.export", *desk.opened().iterdir()]

    assert len(files) == 5
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name


def test_what_is_published_holds_no_comment_and_agrees(desk: Desk) -> None:
    papers = desk.opened()
    for name in ("head.json", "fragments.jsonl", "trackers.txt"):
        assert "一条意见" not in (papers / name).read_text("utf-8")
    verified = survey(
        "ballots", "verify", papers / "head.json", papers / "fragments.jsonl",
        "--tracker", desk.receipt, "--trackers", papers / "trackers.txt",
    )  # fmt: skip

    assert verified.exit_code == 0, verified.output
    assert verified.output.count("signature of") == 2
    assert desk.receipt in verified.output


def test_a_head_that_somebody_rewrote_is_noticed(desk: Desk) -> None:
    papers = desk.opened()
    head = json.loads((papers / "head.json").read_text("utf-8"))
    head["head"]["title"] = "别的测评"
    (papers / "head.json").write_text(json.dumps(head), "utf-8")
    verified = survey(
        "ballots", "verify", papers / "head.json", papers / "fragments.jsonl"
    )

    assert verified.exit_code == 1
    assert "DOES NOT AGREE  signature of 组织部" in verified.output


def test_the_posted_manifest_is_compared(desk: Desk) -> None:
    papers = desk.opened()
    posted = json.loads(desk.exported().read_text("utf-8").split("\n")[0])["posted"]
    manifest = papers / "manifest.json"
    files = (papers / "head.json", papers / "fragments.jsonl", "--manifest", manifest)
    manifest.write_text(json.dumps(posted), "utf-8")
    honest = survey("ballots", "verify", *files)
    posted["manifest"]["floor"] = 3
    manifest.write_text(json.dumps(posted), "utf-8")
    changed = survey("ballots", "verify", *files)

    assert honest.exit_code == 0, honest.output
    assert changed.exit_code == 1


def test_a_small_office_opens_here_in_one_sitting(desk: Desk) -> None:
    papers = desk.folder / "papers"
    said = desk.survey(
        "ballots", "open-here", desk.box.survey_id,
        "--key", desk.folder / "1.key.json", "--key", desk.folder / "0.key.json",
        "--to", papers, typed=f"{PASSPHRASES[1]}\n{PASSPHRASES[0]}\n",
    )  # fmt: skip

    assert said.exit_code == 0, said.output
    assert not any(word in said.output for word in PASSPHRASES)
    assert not list(desk.folder.glob("*.key.json"))
    assert said.output.count("Destroyed: the key of") == 2
    assert everything(desk.box)["state"] == "done"
    verified = survey(
        "ballots", "verify", papers / "head.json", papers / "fragments.jsonl"
    )
    assert "agrees          signature of the server" in verified.output


def test_the_second_time_it_is_refused_and_resume_prints_the_minute(
    desk: Desk,
) -> None:
    opened = desk.opened() / "opened.json"
    early = desk.survey("ballots", "resume", desk.box.survey_id)
    desk.survey("ballots", "take", desk.box.survey_id, opened)
    again = desk.survey("ballots", "export", desk.box.survey_id, desk.folder / "x")
    resumed = desk.survey("ballots", "resume", desk.box.survey_id)

    assert "not at this step" in refused(early)
    assert "not at this step" in refused(again)
    assert resumed.output.startswith("MINUTE OF THE OPENING")


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

    assert "the key of 纪委 is missing" in refused(half)
    assert "passphrase" in refused(wrong)
    assert "fingerprints" in refused(broken)
    assert "cut short" in refused(short)
    assert not (desk.folder / "papers").exists()
    assert everything(desk.box) == before


def test_a_key_is_made_once_and_shown_for_the_wall(tmp_path: Path) -> None:
    phrase = f"{PASSPHRASES[0]}\n"
    make = ("keys", "make", NAMES[0], "--to", tmp_path / "stick")
    made = survey(*make, typed=phrase * 2)
    again = survey(*make, typed=phrase * 2)
    public = (tmp_path / "stick" / f"{NAMES[0]}.public.json").read_text("utf-8")

    assert made.exit_code == 0, made.output
    assert PASSPHRASES[0] not in made.output
    assert "Fingerprint for the wall: " in made.output
    assert json.loads(public)["holder"] == NAMES[0]
    assert "already" in refused(again)
    private = tmp_path / "stick" / f"{NAMES[0]}.key.json"
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
    survey("keys", "make", "别处", "--to", stranger, typed=f"{PASSPHRASES[0]}\n" * 2)
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
