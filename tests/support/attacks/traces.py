"""What to look for in a heap of stolen bytes, in every writing it could have there."""

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote, quote_plus

from survey_app.ballot.paper.ticket import RANDOM_BYTES, printed_ticket
from survey_app.domain.ground.printed_code import ALPHABET


def writings(text: str) -> set[bytes]:
    """Return a text in every encoding a program, a log or a browser would use."""
    quoted = json.dumps(text).strip('"')
    ways = {text, text.lower(), quoted, quote(text), quote_plus(text)}
    hexes = {text.encode().hex(), text.encode("utf-16-le").hex()}
    plain = {way.encode() for way in ways | hexes | {b64encode(text.encode()).decode()}}
    return plain | {text.encode("utf-16-le"), text.encode("utf-16-be")}


def code_writings(code: str) -> set[bytes]:
    """Return a ticket code as a whole, in printed groups, and as the bytes it means."""
    number = sum(
        ALPHABET.index(symbol) << 5 * place
        for place, symbol in enumerate(reversed(code[:-1]))
    )
    meant = number.to_bytes(RANDOM_BYTES)
    faces = {code, code.lower(), printed_ticket(code), printed_ticket(code).lower()}
    return {face.encode() for face in faces} | {meant, meant[::-1]}


def answer_writings(picks: Mapping[int, Mapping[str, str]]) -> set[bytes]:
    """Return the answers of a ballot as JSON, a form or a dictionary would say them."""
    said = {
        pair
        for subject, answers in picks.items()
        for question, choice in answers.items()
        for pair in (
            f'"{question}":"{choice}"', f'"{question}": "{choice}"',
            f"'{question}': '{choice}'", f"{subject}.{question}={choice}",
        )
    }  # fmt: skip
    return {way for pair in said for way in writings(pair)}


def found(loot: Mapping[str, bytes], sought: Iterable[bytes]) -> list[str]:
    """Return "where: what" for everything of this that stands in the loot."""
    wanted = set(sought)
    return [
        f"{name}: {what!r}"
        for name, data in loot.items()
        for what in wanted
        if what in data
    ]


def files_under(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, hidden and temporary ones too."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {str(file): file.read_bytes() for file in files}
