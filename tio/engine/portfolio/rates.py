"""What one currency is worth in another: now, by the board, and on past days, by daily bars."""

from bisect import bisect_right
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from tio.api.errors import NotFound, SourceUnavailable
from tio.api.market import Adjustment, Bars, GetBars, Quote, Timeframe
from tio.api.series import instant
from tio.engine.portfolio.money import ONE, ratio, rounded
from tio.engine.service import asked_as_of

_FIRST = ("EUR", "GBP", "AUD", "NZD", "USD", "CAD", "CHF", "JPY")
"""Which currency of a pair is named first, as the market does."""
MONEY = frozenset(
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP "
    "BYN BZD CAD CDF CHF CLF CLP CNH CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD "
    "FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY "
    "KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LTL LVL LYD MAD MDL MGA MKD MMK MNT "
    "MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR "
    "RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND "
    "TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL "
    "DEM FRF ITL ESP NLG BEF ATS PTE FIM IEP GRD XAU XAG XPT XPD XDR".split()
)
"""ISO 4217 codes, some of old; what is none of them is a coin, as USDT."""
OLDEST = timedelta(days=7)
"""How much older than the day its last price may be: a week spans any holiday."""
_SPAN = timedelta(days=400)

BarsOf = Callable[[GetBars], Awaitable[Bars]]
QuoteOf = Callable[[str], Quote | None]


@dataclass(frozen=True, slots=True)
class Rate:
    """Units of one currency for one of another; stale ones are told as such."""

    value: Decimal
    stale: bool = False
    source: str = ""
    as_of: datetime | None = None


ONE_TO_ONE = Rate(ONE)


def pairs(currency: str, base: str) -> tuple[tuple[tuple[str, bool], ...], ...]:
    """Ways from a currency to another, best first: pairs, each with whether it is upside down."""
    direct = (_pair(currency, base),)
    through = [
        (_pair(currency, middle), _pair(middle, base))
        for middle in ("USD", "EUR")
        if middle not in (currency, base)
    ]
    return direct, *through


def wanted(currency: str, base: str) -> frozenset[str]:
    """The pairs to follow so that the rate is known."""
    return frozenset(symbol for symbol, _ in pairs(currency, base)[0])


def now(currency: str, base: str, quote: QuoteOf) -> Rate | None:
    """The rate on the board, by the first way that is known from end to end."""
    if currency == base:
        return ONE_TO_ONE
    for way in pairs(currency, base):
        legs = [(quote(symbol), upside_down) for symbol, upside_down in way]
        told = [(q, _last(q), down) for q, down in legs if q is not None]
        if len(told) < len(way) or any(price is None for _, price, _ in told):
            continue
        value = ONE
        for _, price, down in told:
            value *= _turned(price or ONE, down)
        return Rate(
            rounded(value),
            any(q.stale for q, _, _ in told),
            ", ".join(dict.fromkeys(q.source for q, _, _ in told if q.source)),
            min((q.as_of for q, _, _ in told if q.as_of is not None), default=None),
        )
    return None


class PastRates:
    """Rates of past days; what was fetched once is kept for as long as this lives."""

    def __init__(self, bars: BarsOf) -> None:
        self._bars = bars
        self._closes: dict[tuple[str, int], tuple[list[int], list[float]]] = {}

    async def on(self, currency: str, base: str, at: datetime) -> Rate | None:
        """By the last daily close before the moment, at most a week old; None when unknown."""
        if currency == base:
            return ONE_TO_ONE
        for way in pairs(currency, base):
            value: Decimal | None = ONE
            for symbol, upside_down in way:
                price = await self._close(symbol, at)
                if price is None or value is None:
                    value = None
                    break
                value *= _turned(price, upside_down)
            if value is not None:
                return Rate(rounded(value), source="daily close", as_of=at)
        return None

    async def _close(self, symbol: str, at: datetime) -> Decimal | None:
        year = at.year
        if (symbol, year) not in self._closes:
            self._closes[symbol, year] = await self._year(symbol, year, at)
        times, closes = self._closes[symbol, year]
        # A daily bar carries its date at midnight; that of the day itself counts at its end.
        index = bisect_right(times, instant(at)) - 1
        if index < 0 or instant(at) - times[index] > OLDEST // timedelta(microseconds=1):
            return None
        return Decimal(repr(closes[index]))

    async def _year(self, symbol: str, year: int, at: datetime) -> tuple[list[int], list[float]]:
        begin = at.replace(year=year, month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
        asked = GetBars(
            symbol,
            Timeframe.d1,
            begin - OLDEST,
            begin + _SPAN,
            limit=500,
            adjusted=Adjustment.raw,
        )
        # The year is kept for everybody: whole, whatever past moment this ask is about.
        token = asked_as_of.set(None)
        try:
            bars = await self._bars(asked)
        except (NotFound, SourceUnavailable):
            return [], []
        finally:
            asked_as_of.reset(token)
        told = [(t, c) for t, c in zip(bars.time, bars.close, strict=True) if c == c and c > 0]
        return [t for t, _ in told], [c for _, c in told]


def _pair(one: str, other: str) -> tuple[str, bool]:
    """The symbol of a pair, and whether it tells `one` for an `other` (upside down)."""
    if one not in MONEY or other not in MONEY:
        coin, money = (one, other) if one not in MONEY else (other, one)
        return f"{coin}-{money}", coin == other
    places = [_FIRST.index(each) if each in _FIRST else len(_FIRST) for each in (one, other)]
    first = places[0] < places[1] or (places[0] == places[1] and one < other)
    return (f"{one}{other}", False) if first else (f"{other}{one}", True)


def _turned(price: Decimal, upside_down: bool) -> Decimal:
    if not upside_down:
        return price
    return ratio(ONE, price) or ONE


def _last(quote: Quote) -> Decimal | None:
    price = quote.last
    if price is None and quote.bid is not None and quote.ask is not None:
        price = (quote.bid + quote.ask) / 2
    return None if price is None or price <= 0 else Decimal(repr(price))
