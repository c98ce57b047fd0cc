"""Symbols over connections: each stays where it is, none is doubled or lost."""

from hypothesis import given
from hypothesis import strategies as st

from tio.engine.feeds.socket.subscription import next_chunk, spread

NAMES = st.frozensets(st.integers(0, 60).map(str))


@given(st.lists(NAMES, min_size=1, max_size=8), st.integers(1, 9))
def test_every_wanted_symbol_is_on_one_connection_within_its_limit(
    sets: list[frozenset[str]], most: int
) -> None:
    held: list[frozenset[str]] = []
    for wanted in sets:
        shares = spread(wanted, held, most)
        assert all(len(share) <= most for share in shares)
        assert sorted(symbol for share in shares for symbol in share) == sorted(wanted)
        assert all(before & wanted <= share for before, share in zip(held, shares, strict=False))
        held = [share for share in shares if share]


def test_what_is_gone_goes_first_in_chunks() -> None:
    assert next_chunk(frozenset("abc"), frozenset("cd"), 1) == (("a",), ())
    assert next_chunk(frozenset("c"), frozenset("cde"), 5) == ((), ("d", "e"))
