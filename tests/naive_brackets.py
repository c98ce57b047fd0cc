"""The rules of paper fills once more: recorded sessions read as bare JSON, one bracket simulated.

Shares no code with the book it is held against.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import recorded

CAPTURES = "1_exchange_captures/cryptofeed/"
SESSIONS = {
    "coinbase": "COINBASE.ws.28.0.shared.txt.gz",
    "kraken": "KRAKEN.ws.48.0.txt.gz",
    "binance_futures": "BINANCE_FUTURES.ws.1.0.txt.gz",
}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Seen:
    """One trade (price, size) or one best bid and ask as the file tells it; sizes may lack."""

    symbol: str
    time: datetime
    price: Decimal | None = None
    size: Decimal | None = None
    bid: Decimal = Decimal(0)
    ask: Decimal = Decimal(0)
    shown: tuple[Decimal | None, Decimal | None] = (None, None)


def told(source: str, name: Callable[[str], str]) -> list[Seen]:
    """Trades and best prices in the file's order; `name` spells a venue's symbol our way."""
    found: list[Seen] = []
    for line in recorded.lines(CAPTURES + SESSIONS[source]):
        stamp, _, text = line.partition(": ")
        if stamp.replace(".", "", 1).isdigit():
            receipt = EPOCH + timedelta(microseconds=round(Decimal(stamp) * 1_000_000))
            found += _READERS[source](json.loads(text), receipt, name)
    return found


def _coinbase(said: Any, receipt: datetime, name: Any) -> Iterator[Seen]:
    if said["type"] not in ("match", "ticker"):
        return
    symbol = name(said["product_id"])
    at = datetime.fromisoformat(said["time"]) if "time" in said else receipt
    if said["type"] == "match":
        yield Seen(symbol, at, Decimal(said["price"]), Decimal(said["size"]))
    else:
        yield Seen(symbol, at, bid=Decimal(said["best_bid"]), ask=Decimal(said["best_ask"]))


def _kraken(said: Any, receipt: datetime, name: Any) -> Iterator[Seen]:
    if isinstance(said, list) and said[2] == "trade":
        for price, size, time, *_ in said[1]:
            at = EPOCH + timedelta(microseconds=round(Decimal(time) * 1_000_000))
            yield Seen(name(said[3]), at, Decimal(price), Decimal(size))


def _binance(said: Any, receipt: datetime, name: Any) -> Iterator[Seen]:
    event = said.get("data", {})
    if event.get("e") not in ("aggTrade", "bookTicker"):
        return
    at = EPOCH + timedelta(milliseconds=event["T"])
    if event["e"] == "aggTrade":
        yield Seen(name(event["s"]), at, Decimal(event["p"]), Decimal(event["q"]))
    else:
        shown = (Decimal(event["B"]), Decimal(event["A"]))
        bid, ask = Decimal(event["b"]), Decimal(event["a"])
        yield Seen(name(event["s"]), at, bid=bid, ask=ask, shown=shown)


_READERS = {"coinbase": _coinbase, "kraken": _kraken, "binance_futures": _binance}

Row = tuple[str, Decimal, Decimal, datetime]


class Naive:
    """The rules once more, for one bracket after the first trade of its symbol."""

    def __init__(
        self, sign: int, quantity: Decimal, limit: Decimal | None, legs: tuple[Decimal, Decimal]
    ) -> None:
        self.sign, self.left, self.limit = sign, quantity, limit
        self.target, self.stop = legs
        self.open = Decimal(0)
        self.hit = False
        self.begun = self.stop_begun = EPOCH
        self.rows: list[Row] = []
        self.quoted: Seen | None = None
        self.crossed = False
        self.stated: dict[int, tuple[object, ...]] = {}
        self.room: dict[int, Decimal | None] = {}

    def see(self, seen: Seen, counts: bool) -> None:
        if seen.price is None:
            self.crossed = seen.bid > seen.ask
            if self.crossed:
                return
            self.quoted = seen
            if counts:
                self._restore(seen)
        if not counts:
            return
        if seen.price is not None:
            self.stated.clear()
        printed = [seen.size]
        held_before = self.open > 0
        got = self._trade(seen, self.sign, self.left, self.limit, printed)
        if got:
            self.left -= got[0]
            self.open += got[0]
            self.begun = max(self.begun, seen.time)
            self.stop_begun = max(self.stop_begun, seen.time)
            self.rows.append(("e", *got, seen.time))
        if not held_before:
            return
        if seen.time >= self.begun:
            self._leave("e.target", seen, self.target, printed)
        if self.open > 0 and seen.time >= self.stop_begun:
            if self.hit:
                self._leave("e.stop", seen, None, printed)
            elif seen.price is not None and (seen.price - self.stop) * self.sign <= 0:
                self.hit, self.stop_begun = True, seen.time

    def _leave(
        self, name: str, seen: Seen, limit: Decimal | None, printed: list[Decimal | None]
    ) -> None:
        got = self._trade(seen, -self.sign, self.open, limit, printed)
        if got:
            self.open -= got[0]
            self.left = Decimal(0)
            self.rows.append((name, *got, seen.time))

    def _restore(self, seen: Seen) -> None:
        for sign, price, size in ((1, seen.ask, seen.shown[1]), (-1, seen.bid, seen.shown[0])):
            if self.stated.get(sign) != (price, size):
                self.stated[sign] = (price, size)
                self.room[sign] = size

    def _trade(
        self,
        seen: Seen,
        sign: int,
        wanted: Decimal,
        limit: Decimal | None,
        printed: list[Decimal | None],
    ) -> tuple[Decimal, Decimal] | None:
        """Quantity and price of what an order of this sign gets."""
        if seen.price is None:
            price = seen.ask if sign > 0 else seen.bid
            if limit is not None and (price - limit) * sign > 0:
                return None
            room = self.room[sign]
            quantity = wanted if room is None else min(wanted, room)
            if room is not None:
                self.room[sign] = room - quantity
        else:
            if limit is not None and (limit - seen.price) * sign <= 0:
                return None
            if limit is None and self.quoted is not None and not self.crossed:
                return None
            half = (self.quoted.ask - self.quoted.bid) / 2 if self.quoted else Decimal(0)
            price = seen.price + half * sign if limit is None else limit
            assert printed[0] is not None
            quantity = min(wanted, printed[0])
            printed[0] -= quantity
        return (quantity, price) if quantity > 0 else None
