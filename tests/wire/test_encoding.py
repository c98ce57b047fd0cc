from typing import Any

from tio.api import codec
from tio.api.contract import Item
from tio.api.market import Quote
from tio.api.watchlists import Watchlist
from tio.wire.encoding import ItemEncoder

ACME, ZORG = Quote(symbol="ACME", last=1.5), Quote(symbol="ZORG", name="Zorg & Sons", bid=2.0)


class Counting(ItemEncoder):
    def __init__(self) -> None:
        super().__init__()
        self.encoded: list[Quote] = []

    def _encoded(self, quote: Quote) -> bytes:
        self.encoded.append(quote)
        return super()._encoded(quote)


def test_quotes_kept_encoded_read_as_those_encoded_whole() -> None:
    encoder = ItemEncoder()
    for _ in range(2):
        assert encoder.value((ACME, ZORG)) == codec.encode((ACME, ZORG))
    assert encoder.value(()) == b"[]"


def test_a_quote_many_watch_is_encoded_once_for_each_change() -> None:
    encoder = Counting()
    for _client in range(3):
        encoder.value((ACME, ZORG))
    assert encoder.encoded == [ACME, ZORG]

    newer = Quote(symbol="ACME", last=1.6)
    for _client in range(3):
        assert codec.decode(encoder.value((newer,)), tuple[Quote, ...]) == (newer,)
    assert encoder.encoded == [ACME, ZORG, newer]


def test_a_line_is_the_item_as_one_object_after_its_head() -> None:
    item: Item[Any] = Item("life", 7, False, (ACME,))
    line = codec.decode(ItemEncoder().line(item, b'{"id":3,'), dict[str, Any])
    assert (line["id"], line["epoch"], line["seq"], line["snapshot"]) == (3, "life", 7, False)
    assert [each["symbol"] for each in line["value"]] == ["ACME"]


def test_each_line_carries_the_epoch_of_its_own_item() -> None:
    encoder = ItemEncoder()
    for epoch in ("one", "two", "two", "one", 'q"uoted'):
        line = encoder.line(Item(epoch, 1, True, (Watchlist("tech", ("A",)),)))
        assert codec.decode(line, dict[str, Any])["epoch"] == epoch
