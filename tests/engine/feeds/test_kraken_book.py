from tio.api.ticks import BookChange, BookSnapshot
from tio.engine.feeds.kraken_book import CheckedBook, checksum

ASKS = tuple(round(0.05005 + 0.00005 * step, 5) for step in range(10))
BIDS = (0.05, 0.04995, 0.0499, 0.0498, 0.04975, 0.0497, 0.04965, 0.0496, 0.04955, 0.0495)
SIZE = 0.000005
WHOLE = BookSnapshot(
    "BTC-USD", tuple((price, SIZE) for price in BIDS), tuple((price, SIZE) for price in ASKS)
)
DOCUMENTED = 974947235
"""What Kraken's guide to the checksum has for this book."""


def levels(prices: tuple[float, ...]) -> tuple[tuple[float, float], ...]:
    return tuple((price, SIZE) for price in prices)


def test_the_checksum_is_the_one_of_krakens_own_example() -> None:
    assert checksum(levels(ASKS), levels(BIDS), 5, 8) == DOCUMENTED


def test_a_book_is_sound_while_its_checksums_are_right() -> None:
    book = CheckedBook(5, 8)
    change = BookChange("BTC-USD", ((0.04995, 0.0),), ())
    assert not book.take(change, None), "a change of no book"
    assert book.take(WHOLE, DOCUMENTED)
    right = checksum(levels(ASKS), levels(BIDS[:1] + BIDS[2:]), 5, 8)
    assert book.take(change, right)
    assert not book.take(change, right + 1)
    assert not book.take(change, right), "sound only after its next snapshot"
    assert book.take(WHOLE, DOCUMENTED)


def test_what_falls_out_of_the_depth_is_let_go_before_the_checksum() -> None:
    book = CheckedBook(5, 8)
    assert book.take(WHOLE, DOCUMENTED)
    better = 0.05002
    expected = checksum(levels((better, *ASKS[:9])), levels(BIDS), 5, 8)
    assert book.take(BookChange("BTC-USD", (), ((better, SIZE),)), expected)
    back = checksum(levels(ASKS[:9]), levels(BIDS), 5, 8)
    assert book.take(BookChange("BTC-USD", (), ((better, 0.0),)), back)


def test_a_book_that_never_is_sound_is_hopeless_and_one_of_unknown_decimals_is_trusted() -> None:
    book = CheckedBook(5, 8)
    for _ in range(3):
        assert not book.hopeless
        assert not book.take(WHOLE, 1)
    assert book.hopeless
    assert CheckedBook(None, 8).take(WHOLE, 1)


def test_faults_long_ago_are_forgiven() -> None:
    book = CheckedBook(5, 8)
    for _ in range(4):
        assert not book.take(WHOLE, 1)
        assert not book.hopeless
        for _ in range(100):
            assert book.take(WHOLE, DOCUMENTED)
