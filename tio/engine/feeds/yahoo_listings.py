"""What Yahoo says an instrument is: kind, exchange, currency, and how late its prices come."""

from functools import lru_cache

import msgspec

from tio.api.clean import clean
from tio.api.market import Adjustment, AssetClass, Coverage, Delay, Instrument
from tio.engine.feeds.yahoo_symbols import NAME, exchange_of, symbol_of, venue_of
from tio.engine.market.venues import VENUES
from tio.plugin import Traits

# A quiet stock's newest price is its last trade, so only long silence is worth a flag.
_STALE_AFTER = 150.0

TRAITS = Traits(
    name=NAME,
    coverage=Coverage.single_venue,
    adjusted=Adjustment.splits,
    asset_class=AssetClass.equity,
    stale_after=_STALE_AFTER,
)
"""What the source says of itself; each quote's own delay and kind are those of `traits_of`."""

KINDS = {
    "EQUITY": AssetClass.equity,
    "ETF": AssetClass.etf,
    "INDEX": AssetClass.equity_index,
    "CURRENCY": AssetClass.fx,
    "CRYPTOCURRENCY": AssetClass.crypto,
    "FUTURE": AssetClass.future,
    "MUTUALFUND": AssetClass.fund,
    "MONEYMARKET": AssetClass.fund,
}
"""Yahoo's kinds of instrument; options and what it calls NONE are none of ours."""

COUNTED = frozenset({AssetClass.equity, AssetClass.etf, AssetClass.future, AssetClass.fund})
"""Kinds whose volume is in shares or contracts: of coins Yahoo tells dollars, of others nothing."""

MICS = {
    "NMS": "XNAS", "NGM": "XNAS", "NCM": "XNAS", "NAS": "XNAS", "NYQ": "XNYS", "NYS": "XNYS",
    "PCX": "ARCX", "ASE": "XASE", "BTS": "BATS", "LSE": "XLON", "IOB": "XLON", "TOR": "XTSE",
    "VAN": "XTSX", "CNQ": "XCNQ", "NEO": "NEOE", "GER": "XETR", "FRA": "XFRA", "PAR": "XPAR",
    "AMS": "XAMS", "BRU": "XBRU", "LIS": "XLIS", "MIL": "XMIL", "MCE": "XMAD", "EBS": "XSWX",
    "VIE": "XWBO", "CPH": "XCSE", "OSL": "XOSL", "STO": "XSTO", "HEL": "XHEL", "ICE": "XICE",
    "WSE": "XWAR", "PRA": "XPRA", "ATH": "ASEX", "IST": "XIST", "JPX": "XTKS", "HKG": "XHKG",
    "SHH": "XSHG", "SHZ": "XSHE", "TAI": "XTAI", "KSC": "XKRX", "KOE": "XKOS", "SES": "XSES",
    "JKT": "XIDX", "SET": "XBKK", "KLS": "XKLS", "NSI": "XNSE", "BSE": "XBOM", "ASX": "XASX",
    "NZE": "XNZE", "SAO": "BVMF", "MEX": "XMEX", "BUE": "XBUE", "SGO": "XSGO", "JNB": "XJSE",
    "TLV": "XTAE", "SAU": "XSAU", "DOH": "DSMD", "CMX": "XCEC", "CME": "XCME", "CBT": "XCBT",
    "NYM": "XNYM", "NYB": "IFUS",
}  # fmt: skip
"""Yahoo's codes of exchanges → ISO 10383."""

_US = frozenset("NMS NGM NCM NAS NYQ NYS PCX ASE BTS PNK OQB OQX OEM YHD".split())
_PROMPT = _US | {"CCC", "CCY", "CPH"}
"""Exchanges whose answers were seen to say they are not delayed, and US, coins and currencies."""
_USUAL_DELAY = 15
_DELAYS = {"CMX": 10, "CME": 10, "CBT": 10, "NYM": 10, "JKT": 10}

_MINOR = {
    "GBp": ("GBP", 100.0),
    "GBX": ("GBP", 100.0),
    "ZAc": ("ZAR", 100.0),
    "ILA": ("ILS", 100.0),
    "KWF": ("KWD", 1_000.0),
}
_MINOR_EXCHANGES = frozenset({"L", "IL", "JO", "TA", "KW"})


class Money(msgspec.Struct, frozen=True):
    """What prices are told in: a price over `divisor` is in `currency`."""

    currency: str
    divisor: float = 1.0
    quoted_in: str = ""


def money_of(told: str | None) -> Money:
    """`GBp` is pounds over 100."""
    name = clean(told or "", limit=12)
    if name in _MINOR:
        currency, divisor = _MINOR[name]
        return Money(currency, divisor, name)
    return Money(name.upper())


def may_be_minor(spelling: str) -> bool:
    """Whether a price without its currency might be pence, cents or agorot."""
    return exchange_of(spelling) in _MINOR_EXCHANGES


def instrument_of(
    spelling: str,
    kind: AssetClass,
    *,
    symbol: str = "",
    name: str | None = None,
    exchange: str = "",
    zone: str = "",
    currency: str | None = None,
    hint: int | None = None,
) -> Instrument:
    """An instrument as Yahoo tells it; Garbage when its spelling cannot be one."""
    money = money_of(currency)
    decimals = None
    if hint is not None and 0 <= hint <= 12:
        decimals = hint + (len(f"{money.divisor:.0f}") - 1)
    return Instrument(
        symbol=symbol or symbol_of(spelling),
        name=clean(name or "", limit=200).strip(),
        asset_class=kind,
        venue=_venue(spelling, kind, zone),
        mic=MICS.get(exchange, ""),
        currency=money.currency,
        quoted_in=money.quoted_in,
        price_decimals=decimals,
        source=NAME,
        spellings={NAME: spelling},
    )


@lru_cache(512)
def traits_of(kind: AssetClass, exchange: str, minutes: int | None, feed: str = "") -> Traits:
    """What is true of one quote: `minutes` late as told, by the `feed` Yahoo names.

    "Delayed Quote" with a delay of 0 is a contradiction of Yahoo's own; the later one is believed.
    """
    late = usual_delay(exchange) if minutes is None else minutes
    if minutes == 0 and feed == "Delayed Quote":
        late = _USUAL_DELAY
    return Traits(
        name=NAME,
        delay=Delay.delayed if late else Delay.realtime,
        delay_minutes=late,
        coverage=_coverage(kind, exchange, feed),
        adjusted=Adjustment.splits,
        asset_class=kind,
        stale_after=_STALE_AFTER,
    )


def usual_delay(exchange: str) -> int:
    """Minutes an exchange's prices are late when no answer says it; unknown ones are late."""
    return 0 if exchange in _PROMPT else _DELAYS.get(exchange, _USUAL_DELAY)


def history_coverage(kind: AssetClass, exchange: str, *, daily: bool) -> Coverage:
    """Daily bars of US stocks count all venues; intraday ones are not known to."""
    if kind is AssetClass.crypto or (daily and exchange in _US):
        return Coverage.consolidated
    return Coverage.single_venue


def _coverage(kind: AssetClass, exchange: str, feed: str) -> Coverage:
    # "Nasdaq Real Time Price" is what trades on Nasdaq; the delayed tape is of all US venues.
    if kind is AssetClass.crypto or (exchange in _US and feed == "Delayed Quote"):
        return Coverage.consolidated
    return Coverage.single_venue


def _venue(spelling: str, kind: AssetClass, zone: str) -> str:
    found = venue_of(spelling)
    if found or kind is not AssetClass.equity_index or not zone:
        return found
    return next((code for code, venue in VENUES.items() if venue.zone == zone and code != "US"), "")
