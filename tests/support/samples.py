"""What earlier programs wrote, each kept as it was; see tests/samples/README.md."""

import tarfile
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from survey_app.ballot.sealing.keys import HolderKey, unlock
from tests.support.holder_keys import HOLDERS
from tests.support.holder_keys import PASSPHRASES as PASSPHRASES_OF_TESTS

PACKED = Path(__file__).parent.parent / "samples"
AGES = ("early", "first", "named", "keyed", "last", "kinds")
"""In the order in which they were written."""
_UNPACKED = TemporaryDirectory(prefix="survey-samples-")


@cache
def sample(age: str) -> Path:
    """Return the folder of what one program wrote; nobody changes anything in it."""
    with tarfile.open(PACKED / f"{age}.tar.xz") as packed:
        packed.extractall(_UNPACKED.name, filter="data")
    return Path(_UNPACKED.name) / age


def every_text(kind: str) -> list[str]:
    """Return age and name of each text whose name begins with this kind."""
    return [
        f"{age}/{file.relative_to(sample(age))}"
        for age in AGES
        for file in sorted(sample(age).rglob(f"{kind}*.json"))
    ]


def text_of(named: str) -> str:
    """Return one of these texts; files of an opening end in a line's end."""
    age, _, file = named.partition("/")
    return (sample(age) / file).read_text("utf-8").removesuffix("\n")


PASSPHRASES = {
    "县委组织部": "demo-zuzhibu-2026",
    "县纪委监委机关": "demo-jiwei-2026",
}
"""Of the demo's two holders, as the first program printed them."""


@cache
def keys_of_kinds() -> tuple[HolderKey, ...]:
    """Return both keys of the last box that was exported in format 2."""
    return tuple(
        unlock(text_of(f"kinds/holder-{place}.key"), PASSPHRASES_OF_TESTS[holder])
        for place, holder in enumerate(HOLDERS, start=1)
    )


@cache
def keys_of_the_closed() -> tuple[HolderKey, ...]:
    """Return both keys of the box that the first program closed and nobody opened."""
    folder = sample("first") / "county" / "keys-of-the-closed"
    return tuple(
        unlock((folder / f"{holder}.key.json").read_text("utf-8"), passphrase)
        for holder, passphrase in PASSPHRASES.items()
    )
