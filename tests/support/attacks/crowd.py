"""Voters whose tickets and answers the attacker would like to bring together."""

import secrets
from dataclasses import dataclass

VOTERS = 40


@dataclass(frozen=True)
class Vote:
    """A ticket and the answer that was given with it, each like no other."""

    ticket: bytes
    answer: str

    @property
    def pair(self) -> tuple[bytes, str]:
        """The link that must not be found."""
        return self.ticket, self.answer


def crowd(number: int = VOTERS) -> list[Vote]:
    """Return so many votes in the order in which they are cast."""
    return [Vote(secrets.token_bytes(16), secrets.token_hex(8)) for _ in range(number)]


def links(votes: list[Vote]) -> set[tuple[bytes, str]]:
    """Return the true pairs."""
    return {vote.pair for vote in votes}
