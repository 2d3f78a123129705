"""Slots of a distributed database, laws."""

from collections import Counter
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from survey_app.distribution import evenly


@given(st.integers(1, 5), st.integers(1, 6), st.integers(1, 4), st.randoms())
def test_no_node_and_no_shard_has_more_than_one_above_another(
    nodes: int, per_node: int, rounds: int, chance: Random
) -> None:
    """Wherever the hash throws the numbers, as long as each shard gets enough."""
    shards = [(shard, shard % nodes) for shard in range(nodes * per_node)]
    thrown = shards * rounds
    chance.shuffle(thrown)
    where = dict(enumerate(thrown))
    wanted = len(thrown) // 2 or 1

    chosen = evenly(((slot, *place) for slot, place in where.items()), wanted)

    assert len(set(chosen)) == wanted
    on_shards = Counter(dict.fromkeys([shard for shard, _ in shards], 0))
    on_nodes = Counter(dict.fromkeys(range(nodes), 0))
    on_shards.update(where[slot][0] for slot in chosen)
    on_nodes.update(where[slot][1] for slot in chosen)
    assert max(on_shards.values()) - min(on_shards.values()) <= 1
    assert max(on_nodes.values()) - min(on_nodes.values()) <= 1
