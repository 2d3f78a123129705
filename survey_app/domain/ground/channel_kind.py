"""How a channel lets people in, and what that can prove.

Whoever passes a poster, a screen or a tablet may answer, and nobody knows how often. A
slip, an invitation or a call admits one answer.
"""

from enum import StrEnum

from survey_app.domain.ground.bilingual import Bilingual


class ChannelKind(StrEnum):
    """How a channel lets people in."""

    POSTER = "poster"
    """A code on a wall, the same for everybody."""
    SCREEN = "screen"
    """A code on a screen at the counter, another one every two minutes."""
    TABLET = "tablet"
    """A device on the counter that people use one after another."""
    SLIPS = "slips"
    """Printed codes that are handed out, each good once."""
    INVITATIONS = "invitations"
    """The same as addresses in a file, sent by others to people they drew."""
    PAPER = "paper"
    """Sheets of paper that two accounts type in."""
    PHONE = "phone"
    """Calls that an interviewer makes."""

    @property
    def is_open(self) -> bool:
        """Whether whoever comes by may answer, as often as he likes."""
        return self in {ChannelKind.POSTER, ChannelKind.SCREEN, ChannelKind.TABLET}

    @property
    def is_single_use(self) -> bool:
        """Whether each answer needs a code of its own."""
        return self in SINGLE_USE

    @property
    def is_controlled(self) -> bool:
        """Whether nobody can answer who was not let in once by somebody.

        A sheet of paper may be copied, and nobody sees who filled it in.
        """
        return self.is_single_use or self is ChannelKind.PHONE

    @property
    def is_on_the_web(self) -> bool:
        """Whether respondents open its page themselves."""
        return self not in OFF_THE_WEB


SINGLE_USE = frozenset({ChannelKind.SLIPS, ChannelKind.INVITATIONS})
OFF_THE_WEB = frozenset({ChannelKind.PAPER, ChannelKind.PHONE})
KIND_NAMES = {
    ChannelKind.POSTER: Bilingual("张贴二维码", "Poster"),
    ChannelKind.SCREEN: Bilingual("窗口动态码", "Changing code on a screen"),
    ChannelKind.TABLET: Bilingual("现场平板", "Tablet on the spot"),
    ChannelKind.SLIPS: Bilingual("一次性评价条", "Single-use slips"),
    ChannelKind.INVITATIONS: Bilingual("邀请码", "Invitations"),
    ChannelKind.PAPER: Bilingual("纸质问卷", "Paper sheets"),
    ChannelKind.PHONE: Bilingual("电话访问", "Telephone interviews"),
}
