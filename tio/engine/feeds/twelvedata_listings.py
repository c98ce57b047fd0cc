"""How Twelve Data spells instruments, and those its search finds."""

import msgspec

from tio.api.clean import clean
from tio.api.market import AssetClass, Instrument
from tio.engine.feeds.decoding import decoded, decoder
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.twelvedata_refusals import NAME, VENUE, refusal
from tio.engine.feeds.us_shares import is_us_share, us_symbol
from tio.engine.market.symbols import is_fx
from tio.engine.market.venues import BY_MIC, VENUES


def spelled(symbol: str) -> str | None:
    """`EURUSD` is `EUR/USD`, a US share itself; None for what the free plan has not."""
    if is_fx(symbol):
        return f"{symbol[:3]}/{symbol[3:]}"
    return symbol if is_us_share(symbol) else None


def symbol_of(venue_spelling: str) -> str:
    """`EUR/USD` → `EURUSD`; Garbage when it is nothing of ours."""
    name = venue_spelling.strip().upper()
    joined = name.replace("/", "")
    if "/" in name and is_fx(joined):
        return joined
    symbol = us_symbol(name)
    if symbol is None:
        raise Garbage(f"expected a symbol of {VENUE}, was {clean(venue_spelling, limit=60)!r}")
    return symbol


def read_search(body: str | bytes) -> tuple[Instrument, ...]:
    """Instruments found, as it ranks them; those with no symbol of ours are left out."""
    refused = refusal(body)
    if refused is not None:
        raise refused
    found: dict[str, Instrument] = {}
    for each in decoded(_FOUND, body, VENUE).data:
        instrument = _instrument(each)
        if instrument is not None:
            found.setdefault(instrument.symbol, instrument)
    return tuple(found.values())


class _Listed(msgspec.Struct):
    symbol: str
    instrument_name: str = ""
    mic_code: str | None = None
    instrument_type: str = ""
    country: str = ""
    currency: str | None = None


class _Found(msgspec.Struct):
    data: list[_Listed]


_KINDS = {
    "Common Stock": AssetClass.equity,
    "Preferred Stock": AssetClass.equity,
    "American Depositary Receipt": AssetClass.equity,
    "Depositary Receipt": AssetClass.equity,
    "REIT": AssetClass.equity,
    "ETF": AssetClass.etf,
    "Mutual Fund": AssetClass.fund,
    "Physical Currency": AssetClass.fx,
}
_FOUND = decoder(_Found)


def _instrument(listed: _Listed) -> Instrument | None:
    kind = _KINDS.get(listed.instrument_type)
    if kind is None:
        return None
    mic = clean(listed.mic_code or "", limit=8).upper()
    venue = BY_MIC.get(mic)
    currency = clean(listed.currency or "", limit=8)
    if kind is AssetClass.fx:
        symbol: str | None = listed.symbol.strip().upper().replace("/", "")
        if symbol is None or not is_fx(symbol):
            return None
        currency = symbol[3:]
    elif listed.country in ("United States", "US", "USA"):
        symbol = us_symbol(listed.symbol)
    elif venue is not None and venue.code in VENUES and (stem := us_symbol(listed.symbol)):
        symbol = f"{stem}.{venue.code}"
    else:
        return None
    if symbol is None:
        return None
    spelling = spelled(symbol)
    return Instrument(
        symbol=symbol,
        name=clean(listed.instrument_name, limit=200).strip(),
        asset_class=kind,
        venue=venue.code if venue is not None and venue.code in VENUES else "",
        mic=mic,
        currency="GBP" if currency in ("GBp", "GBX") else currency.upper(),
        quoted_in="GBp" if currency in ("GBp", "GBX") else "",
        source=NAME,
        spellings={} if spelling is None else {NAME: spelling},
    )
