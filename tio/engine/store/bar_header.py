"""Which column of a bar file is what, by the names in its header."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

# The likeliest first: an instant that needs no zone before a date that does.
_TIMES = (
    "unix", "unix timestamp", "unix time", "epoch", "time ms", "datetime utc", "open time",
    "opentime", "datetime", "date time", "timestamp", "gmt time", "local time", "begins at",
    "time period start", "starttime", "start", "ts", "t",
)  # fmt: skip
_PRICES = {
    "open": ("open", "o", "op", "open price", "opening price", "first"),
    "high": ("high", "h", "hi", "high price", "max"),
    "low": ("low", "l", "lo", "low price", "min"),
    "close": ("close", "c", "cl", "close last", "close price", "last", "price", "closing price"),
}
_VOLUMES = ("volume", "vol", "v", "volumefrom", "volume from", "base volume", "tickvol", "qty")
_SYMBOLS = ("symbol", "ticker", "pair", "instrument", "code")
_SPANS = ("per", "timeframe", "interval")


@dataclass(frozen=True)
class Header:
    """Column numbers: a time may be split in two, a price may be a bid and an ask."""

    width: int
    time: tuple[int, ...]
    prices: tuple[tuple[int, ...], ...]
    volume: int | None = None
    symbol: int | None = None
    timeframe: int | None = None
    states_symbol: str = ""
    stooq: bool = False
    names: tuple[str, ...] = field(default=())

    @property
    def needed(self) -> int:
        """How many fields a row must have at least."""
        return 1 + max((*self.time, *(number for price in self.prices for number in price)))


def recognise(fields: Sequence[str]) -> Header | None:
    """The columns of a header line; None when it is no header of bars."""
    names = [_plain(name) for name in fields]
    states = ""
    time = _time(names)
    prices = _prices(names)
    if prices is None:
        states, stripped = _without_prefix(fields)
        names = [_plain(name) for name in stripped]
        prices = _prices(names)
    if time is None or prices is None:
        return None
    return Header(
        width=len(names),
        time=time,
        prices=prices,
        volume=None if len(prices[0]) == 2 else _volume(names),
        symbol=_first(names, _SYMBOLS),
        timeframe=_first(names, _SPANS),
        states_symbol=states,
        stooq=[name.strip().upper() for name in fields[:3]] == ["<TICKER>", "<PER>", "<DATE>"],
        names=tuple(names),
    )


def with_split_time(header: Header) -> Header:
    """The same columns of rows that carry a clock time behind the date, which the header forgot."""
    return Header(
        width=header.width + 1,
        time=(header.time[0], header.time[0] + 1),
        prices=tuple(tuple(n + (n > header.time[0]) for n in price) for price in header.prices),
        volume=None if header.volume is None else header.volume + (header.volume > header.time[0]),
        names=header.names,
    )


def binance_klines() -> Header:
    """The columns of Binance's published kline files, which have no header."""
    return Header(width=12, time=(0,), prices=((1,), (2,), (3,), (4,)), volume=5)


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", name.lower()).split())


def _first(names: Sequence[str], wanted: Iterable[str]) -> int | None:
    return next((names.index(name) for name in wanted if name in names), None)


def _time(names: Sequence[str]) -> tuple[int, ...] | None:
    found = _first(names, _TIMES)
    if found is not None:
        return (found,)
    date, time = _first(names, ("date", "day")), _first(names, ("time",))
    if date is not None:
        return (date,) if time is None else (date, time)
    if time is not None:
        return (time,)
    # pandas writes its index without a name.
    return (0,) if names and names[0] in ("", "unnamed 0") else None


def _prices(names: Sequence[str]) -> tuple[tuple[int, ...], ...] | None:
    one = [_first(names, wanted) for wanted in _PRICES.values()]
    if all(number is not None for number in one):
        return tuple((number,) for number in one if number is not None)
    two = [
        (_first(names, (f"bid {price}",)), _first(names, (f"ask {price}",))) for price in _PRICES
    ]
    if all(bid is not None and ask is not None for bid, ask in two):
        return tuple((bid, ask) for bid, ask in two if bid is not None and ask is not None)
    return None


def _volume(names: Sequence[str]) -> int | None:
    found = _first(names, _VOLUMES)
    if found is not None:
        return found
    return next((n for n, name in enumerate(names) if name.startswith("volume ")), None)


def _without_prefix(fields: Sequence[str]) -> tuple[str, list[str]]:
    """`AAPL.Open, AAPL.High …` state the symbol AAPL."""
    prefixes = {
        match[1]
        for name in fields
        if (match := re.fullmatch(r"\s*(\w+)\.(?:open|close)", name, re.IGNORECASE))
    }
    if len(prefixes) != 1:
        return "", list(fields)
    (prefix,) = prefixes
    return prefix, [name.strip().removeprefix(f"{prefix}.") for name in fields]
