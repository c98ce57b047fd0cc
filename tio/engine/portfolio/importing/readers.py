"""The kinds of file that can be read, loaded when one is asked for."""

from functools import cache
from importlib import import_module

from tio.api.clean import clean
from tio.api.errors import Invalid, NotFound
from tio.engine.portfolio.importing.rows import Reader

READERS = (
    "beancount:Beancount",
    "binance:Binance",
    "binance_trades:BinanceTrades",
    "coinbase:Coinbase",
    "fidelity:Fidelity",
    "ghostfolio:Ghostfolio",
    "ghostfolio_csv:GhostfolioCsv",
    "hledger:Hledger",
    "ibkr_activity:IbkrActivity",
    "ibkr_flex:IbkrFlex",
    "kraken:KrakenLedger",
    "kraken:KrakenTrades",
    "own_csv:OwnCsv",
    "own_json:OwnJson",
    "portfolio_performance:PortfolioPerformance",
    "robinhood:Robinhood",
    "schwab:Schwab",
    "trade_republic:TradeRepublic",
)
"""Module and class of each, beside this one, by name."""
_BEGINNING = 65_536


@cache
def readers() -> tuple[Reader, ...]:
    """One of each kind."""
    return tuple(_loaded(place) for place in READERS)


def named(name: str) -> Reader:
    """The reader of that name; NotFound."""
    for reader in readers():
        if reader.name == name.lower():
            return reader
    known = ", ".join(reader.name for reader in readers())
    raise NotFound(f"there is no kind of file {clean(name)!r}", f"one of {known}")


def recognised(text: str) -> Reader:
    """The reader of the kind a file is; Invalid where none or several claim it."""
    begin = text[:_BEGINNING]
    found = [reader for reader in readers() if reader.recognises(begin)]
    if len(found) == 1:
        return found[0]
    if found:
        which = ", ".join(reader.name for reader in found)
        raise Invalid(f"the file could be of several kinds: {which}", "name one with format")
    known = ", ".join(reader.label for reader in readers())
    raise Invalid(
        "the file is of no kind that is known here",
        f"a CSV can be mapped: `tio portfolio import FILE --map date=COLUMN`; known are {known}",
    )


def _loaded(place: str) -> Reader:
    module, _, name = place.partition(":")
    reader: Reader = getattr(import_module(f"{__package__}.{module}"), name)()
    return reader
