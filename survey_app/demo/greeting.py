"""What the terminal shows: how far the building is, then where to go."""

import sys
from types import TracebackType
from typing import Self

import click

from survey_app.demo.ballot_county import PASSPHRASES
from survey_app.demo.stand import Invitation
from survey_app.qr import in_terminal

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
