"""Whoever types the verbs of a ballot box: a server, a closed box, two key files."""

from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner, Result
from sqlalchemy import Engine

from survey_app.ballot.paper.ticket import printed_tracker, tracker_of
from survey_app.cli.main import main
from survey_app.settings import Settings
from tests.support.ballot_box import StandingBox, standing_box
from tests.support.holder_keys import HOLDERS, PASSPHRASES, made
from tests.support.secret_county import secret_county


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

    def taken(self, opened: Path) -> Result:
        """Take the result of an opening back."""
        return self.survey(
            "ballots", "take", self.box.survey_id, opened, "--auditors-agree"
        )

    def opened(self) -> Path:
        """Open the exported box without a server; return the folder of papers."""
        papers = self.folder / "papers"
        survey(
            "ballots", "open", self.exported(), *self.keys, "--to", papers, typed="y\n"
        )
        return papers


def survey(*words: object, typed: str = "", **told: str) -> Result:
    """Run a verb; without settings, unless they are told."""
    spoken = [str(word) for word in words]
    return CliRunner().invoke(main, spoken, env=told, input=typed or None)


def refused(said: Result) -> str:
    """Return the one line a verb refused with."""
    assert said.exit_code == 1
    assert said.exception is None or isinstance(said.exception, SystemExit)
    lines = [line for line in said.output.splitlines() if line]
    assert len(lines) == 1, said.output
    return lines[0]


def closed_desk(
    engine: Engine,
    ballots: Engine,
    folder: Path,
    settings: Settings,
    *,
    challenged: bytes = b"",
) -> Desk:
    """A closed box of one unit, keys and passphrases in files.

    `challenged` lies in the box as it is in place of the auditor's ballot.
    """
    kept = Path(settings.ballot_secrets)
    box = standing_box(
        secret_county(engine, units=1), ballots, kept, public_floor=5, shroud=1
    )
    unit = box.county.units[0]
    box.cast_many(unit, "staff", good=4, bad=3)
    digest = box.cast(box.batch(unit, "staff"), "bad", comment="一条意见")
    residents = box.batch(unit, "residents")
    box.challenge(box.cast(residents, "bad", envelope=challenged))
    receipt = printed_tracker(tracker_of(box.envelope(digest)))
    box.close()
    for place, holder in enumerate(HOLDERS):
        key, said = made(holder).private_text, PASSPHRASES[holder]
        (folder / f"{place}.key.json").write_text(key, "utf-8")
        (folder / f"{place}.passphrase").write_text(said, "utf-8")
    return Desk(folder, settings, box, receipt)
