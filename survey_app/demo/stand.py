"""Where the demo county stands, its folder and secret, and how it greets.

The folder holds the secret key and, once every answer was counted, a marker. A build
that was interrupted is thrown away and begun anew.
"""

import secrets
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

import click
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.accounts.change_password import reset_password
from survey_app.accounts.make_account import make_account
from survey_app.accounts.permissions import (
    COUNTER,
    DECIDER,
    DESIGNER,
    KEY_HOLDER,
    REVIEWER,
    limited,
)
from survey_app.accounts.tables import Account
from survey_app.database import NO_LOG, borrowed_engine, borrowed_main_engine, writing
from survey_app.demo.ballot_county import PASSPHRASES
from survey_app.demo.ballots import KEYS, SLIPS
from survey_app.demo.build import build, main_code
from survey_app.demo.county import PLACE
from survey_app.demo.slips import first_address, move_slips
from survey_app.migrate import migrate, migrate_ballots
from survey_app.qr import in_terminal
from survey_app.settings import NEAR, Settings, SettingsError
from survey_app.survey.publication import settle_plans

FOLDER = Path(".demo")
"""Where it stands by default: below the folder in which it is started."""
USERNAME = "kaohe"
ROLES = (DESIGNER, KEY_HOLDER, COUNTER, REVIEWER, DECIDER)
"""All that one account may hold together and a newcomer wants to see."""
MARKER, KEY, DATABASE = "complete", "secret_key", "county.sqlite"
BALLOTS, SECRETS = "county-ballots.sqlite", "ballot-secrets"
EDITION = "3"
"""In the marker; it changes where migrating would not do."""
OWN = {MARKER, KEY, SECRETS, KEYS, SLIPS}
DATABASES = (DATABASE, BALLOTS, "county-queue.sqlite")
"""What a demo's folder may hold, with what lies beside a database under its name; only
such a folder is ever cleared."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a newcomer needs to try the county."""

    open_survey_url: str
    office_url: str
    username: str
    password: str
    database_url: str
    ballot_url: str
    """A slip of the secret ballot that is open; empty where its page is gone."""
    slips: str
    """Where the other slips lie."""
    keys: str
    """Where the holders' key files lie."""


def settle(
    folder: Path,
    environment: Mapping[str, str],
    *,
    today: date,
    progress: Callable[[int, int], None],
) -> Settings:
    """Return the settings of a complete demo county, building it where it is missing.

    Raises SettingsError where SURVEY_DATABASE_URL names a database in use.
    """
    marker = folder / MARKER
    ready = marker.exists() and marker.read_text("utf-8") == EDITION
    if not ready:
        _clear(folder)
        key = folder / KEY
        key.touch(mode=0o600)
        key.write_text(secrets.token_urlsafe(32), "utf-8")
    settings = _settings(folder, environment)
    if ready:
        with borrowed_main_engine(settings) as engine:
            migrate(engine)
            with Session(writing(engine)) as session:
                settle_plans(session)
        with borrowed_engine(settings.ballots_at, journal=NO_LOG) as ballots:
            migrate_ballots(ballots)
        move_slips(folder / SLIPS, settings)
    else:
        build(settings, folder=folder, today=today, progress=progress)
        marker.write_text(EDITION, "utf-8")
    return settings


def is_own(name: str) -> bool:
    """Return whether a file of this name is one that a demo leaves in its folder."""
    beside = tuple(f"{database}-" for database in DATABASES)
    return name in OWN or name in DATABASES or name.startswith(beside)


def _clear(folder: Path) -> None:
    """Make the folder anew, for nobody else to look into.

    Raises SettingsError where it holds anything that is not the demo's own.
    """
    if folder.exists():
        if not all(is_own(entry.name) for entry in folder.iterdir()):
            raise SettingsError(f"{folder} holds other files: choose another folder")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, mode=0o700)


def _settings(folder: Path, environment: Mapping[str, str]) -> Settings:
    """Return the demo's settings; what the environment says goes first."""
    own = _own_address(environment) | {
        "SURVEY_DATABASE_URL": f"sqlite:///{(folder / DATABASE).resolve()}",
        "SURVEY_SECRET_KEY": (folder / KEY).read_text("utf-8"),
        "SURVEY_PLACE_NAME": PLACE,
        "SURVEY_BALLOT_DATABASE_URL": f"sqlite:///{(folder / BALLOTS).resolve()}",
        "SURVEY_BALLOT_SECRETS": str((folder / SECRETS).resolve()),
        # Whoever tries the county has no phone at hand that knows its secret.
        "SURVEY_SECOND_FACTOR": "",
    }
    return Settings.from_environment(own | dict(environment))


def _own_address(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the address where the demo is told to listen, if it is this machine's."""
    address = f"http://{environment.get('SURVEY_BIND', '')}"
    return {"SURVEY_PUBLIC_URL": address} if NEAR.fullmatch(address) else {}


def invite(settings: Settings, folder: Path) -> Invitation:
    """Return addresses and a fresh password; older ones stop working."""
    with borrowed_main_engine(settings) as engine:
        password = _fresh_password(engine)
        code = main_code(engine)
    base = settings.public_url.rstrip("/")
    return Invitation(
        open_survey_url=f"{base}/s/{code}",
        office_url=f"{base}/office",
        username=USERNAME,
        password=password,
        database_url=settings.database_url,
        ballot_url=first_address(folder / SLIPS),
        slips=str(folder / SLIPS),
        keys=str(folder / KEYS),
    )


def _fresh_password(engine: Engine) -> str:
    """Return a new password of the demo's account, made where it is missing."""
    with Session(writing(engine)) as session:
        known = session.scalar(select(Account.id).where(Account.username == USERNAME))
        if known is None:
            return make_account(
                session, USERNAME, roles=limited(ROLES, unit_id=None, subject_id=None)
            )
        return reset_password(session, known)


GREETING = """
The demo county is ready.  示范县已就绪。

  1  Scan the code, or open     扫码或打开   {open_survey_url}
  2  Answer and press send      作答并提交
  3  Sign in to the office      登录工作台   {office_url}
       name 账号  {username}
       password 密码  {password}
  4  Close the survey, then read results, score sheets and alerts.
     结束调查后，即可查看结果、得分构成表和预警。

  5  A secret ballot is open too: take a slip and answer
     另有一项无记名测评正在进行，取一张测评码作答   {ballot_url}
       all slips 全部测评码  {slips}
       the holders' keys 密钥文件  {keys}
       their passphrases 密钥口令  {passphrases}
     That of 清河镇 is over and opened: read its results in the office.
     清河镇的无记名测评已经开箱，可在工作台查看结果。

  Real offices ask for a code of your phone, too. To see that, start it so:
  正式使用时还要输入手机验证码；如需试用，请这样启动：
    SURVEY_SECOND_FACTOR=signed-in make demo

  For a phone, tell the server its address in your network and start again:
    SURVEY_BIND=0.0.0.0:8000 SURVEY_PUBLIC_URL=http://ADDRESS:8000 make demo
  Ctrl-C ends it. make clean removes it.
"""


def greeting(invitation: Invitation) -> str:
    """Return the QR code and the four steps of a first visit."""
    words = GREETING.format(
        open_survey_url=invitation.open_survey_url,
        office_url=invitation.office_url,
        username=invitation.username,
        password=invitation.password,
        ballot_url=invitation.ballot_url,
        slips=invitation.slips,
        keys=invitation.keys,
        passphrases="  ".join(PASSPHRASES),
    )
    return in_terminal(invitation.open_survey_url) + words


class DemoProgress:
    """A progress bar on the error stream, made when the first answer is sent."""

    def __enter__(self) -> Self:
        """Begin without a bar: a county that is there needs none."""
        self._bar: click._termui_impl.ProgressBar[int] | None = None
        return self

    def sent(self, step: int, of: int) -> None:
        """Move the bar by one step."""
        if self._bar is None:
            self._bar = click.progressbar(
                length=of, label="Sending answers", file=sys.stderr
            )
            self._bar.__enter__()
        self._bar.update(step)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        """Finish the bar's line."""
        if self._bar is not None:
            self._bar.__exit__(kind, error, where)
