"""`make bench`: the table; `make bench ARGS=city` and others: one thing of it."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from tests.benchmark import (
    ballots,
    city,
    costs,
    door,
    fragments,
    keys_page,
    stuffing,
    table,
    walk,
)

OTHERS: dict[str, Callable[[], None]] = {
    "ballots": ballots.main,
    "fragments": fragments.main,
    "keys": keys_page.main,
    "walk": walk.main,
}


def main(arguments: list[str]) -> None:
    """Do what the first word says; without one, print the table."""
    first = arguments[0] if arguments else "table"
    if first in city.UNITS:
        city.main(arguments)
    elif first == "cost":
        name, folder = arguments[1:]
        sys.stdout.write(json.dumps(costs.COSTS[name](Path(folder))))
    elif first == "writer":
        costs.writer(arguments[1])
    elif first == "door":
        door.main(arguments[1:])
    elif first == "stuffing":
        stuffing.main(arguments[1:])
    elif first in OTHERS:
        OTHERS[first]()
    else:
        table.main(arguments[first == "table" :])


if __name__ == "__main__":
    main(sys.argv[1:])
