"""PostgreSQL with Citus: what lies on which node, and how every node is set.

Only what grows with the answers is spread, by the slot that leads its key. All small
tables stay on the coordinator: as tables of every node their row locks would block the
intake (tried).
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, Engine, text

from survey_app.domain.ground.broken_promises import BrokenPromise
from survey_app.server_settings import broken_on_node

SPREAD = ("response", "receipt", "comment", "turnout_count", "intake_gate")
"""Colocated: what belongs to one slot lies on one node."""
CANDIDATES = 16
"""Numbers looked at for every slot that is wanted."""

HAS_CITUS = (
    "SELECT EXISTS (SELECT FROM pg_proc WHERE proname = 'create_distributed_table')"
)
IS_SPREAD = (
    "SELECT EXISTS (SELECT FROM pg_dist_partition"
    " WHERE logicalrelid = CAST(:name AS regclass))"
)
SETTINGS = "SELECT json_object_agg(name, setting)::text FROM pg_settings"
ON_ALL = f"SELECT success, result FROM run_command_on_all_nodes($$ {SETTINGS} $$)"  # noqa: S608 -- a text of ours
PLACES = """
SELECT slot, shard, groupid
FROM generate_series(0, :last) AS slot,
LATERAL get_shard_id_for_distribution_column('receipt', slot) AS shard
JOIN pg_dist_placement ON pg_dist_placement.shardid = shard
ORDER BY slot
"""


class NoDistribution(Exception):  # noqa: N818 -- says what happened
    """The database is none that can be spread over machines."""


def has_citus(connection: Connection) -> bool:
    """Return whether this is PostgreSQL with Citus."""
    if connection.dialect.name != "postgresql":
        return False
    return bool(connection.scalar(text(HAS_CITUS)))


def is_distributed(connection: Connection) -> bool:
    """Return whether answers are spread over the nodes of this database."""
    if not has_citus(connection):
        return False
    return bool(connection.scalar(text(IS_SPREAD), {"name": "receipt"}))


def broken_on_nodes(connection: Connection) -> Iterator[BrokenPromise]:
    """Yield what any node breaks, each once; nothing where there is no Citus."""
    if not has_citus(connection):
        return
    found: dict[BrokenPromise, None] = {}
    # The coordinator need not be one of its own nodes.
    own = (True, connection.scalar(text(SETTINGS)))
    for success, result in [own, *connection.execute(text(ON_ALL))]:
        if success:
            found |= dict.fromkeys(broken_on_node(json.loads(result)))
        else:
            found[BrokenPromise.NODE_SILENT] = None
    yield from found


def distribute(engine: Engine, shards: int) -> Iterator[str]:
    """Spread the large tables over the nodes, and yield the name of each that is.

    Those that are spread already stay as they are. Raises NoDistribution.
    """
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        if not has_citus(connection):
            raise NoDistribution
        for name in SPREAD:
            told = {"name": name}
            if not connection.scalar(text(IS_SPREAD), told):
                how = "shard_count := :shards, colocate_with := 'none'"
                if name != SPREAD[0]:
                    how = "colocate_with := :first"
                    told["first"] = SPREAD[0]
                made = f"SELECT create_distributed_table(:name, 'slot', {how})"
                connection.execute(text(made), {"shards": shards} | told)
                # What lay here before was copied to the nodes, and still lies here.
                emptied = "SELECT truncate_local_data_after_distributing_table(:name)"
                connection.execute(text(emptied), {"name": name})
            yield name


def even_slots(connection: Connection, wanted: int) -> tuple[int, ...]:
    """Return so many slots of a distributed database, spread evenly over it."""
    asked = {"last": CANDIDATES * wanted}
    return evenly(
        (tuple(row) for row in connection.execute(text(PLACES), asked)), wanted
    )


def evenly(places: Iterable[tuple[int, int, int]], wanted: int) -> tuple[int, ...]:
    """Return so many slots, of (slot, shard, node), that no node or shard has more.

    A hash leaves gaps: the first 32 numbers fell on 21 of 32 shards (tried).
    """
    waiting: dict[tuple[int, int], list[int]] = {}
    for slot, shard, node in places:
        waiting.setdefault((node, shard), []).append(slot)
    chosen: list[int] = []
    nodes: Counter[int] = Counter()
    shards: Counter[int] = Counter()
    while len(chosen) < wanted and waiting:
        node, shard = min(
            waiting, key=lambda at: (nodes[at[0]], shards[at[1]], waiting[at][0])
        )
        chosen.append(waiting[node, shard].pop(0))
        nodes[node] += 1
        shards[shard] += 1
        if not waiting[node, shard]:
            del waiting[node, shard]
    return tuple(sorted(chosen))
