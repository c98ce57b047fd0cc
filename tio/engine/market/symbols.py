"""What a symbol's spelling says of its instrument, and which known symbol a text means."""

import difflib
import re
from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from tio.api.clean import clean
from tio.api.errors import NotFound
from tio.api.market import AssetClass, Instrument
from tio.engine.market.venues import SUFFIXES, VENUES

CURRENCIES = frozenset(
    "AED ARS AUD BGN BRL CAD CHF CLP CNH CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR ISK JPY "
    "KES KRW KWD MAD MXN MYR NGN NOK NZD PEN PHP PKR PLN QAR RON RUB SAR SEK SGD THB TRY TWD UAH "
    "USD VND ZAR XAU XAG XPT XPD".split()
)
SIGNED = frozenset({AssetClass.rate, AssetClass.equity_index, AssetClass.future})
"""Kinds that may stand at zero or below: yields, spreads, and oil nobody had room for in 2020."""
_PAIR = re.compile(r"^[A-Z0-9]{1,20}-[A-Z0-9]{2,10}(-[A-Z0-9]{1,12}){0,2}$")
_RENAMED = {"XBT": "BTC", "XDG": "DOGE"}

_WHOLE = frozenset({"HUF", "IDR", "INR", "JPY", "KRW", "THB", "TWD", "XAG", "XAU"})
"""Currencies of which the pip is the second decimal, or the first; others have it fourth."""


def classify(symbol: str) -> Instrument:
    """The instrument a symbol spells, without asking anybody."""
    if symbol.startswith("SIM:"):
        return _known(symbol, AssetClass.simulated, "USD")
    if symbol.startswith("FRED:"):
        return _known(symbol, AssetClass.rate, "")
    if symbol.startswith("^"):
        return _known(symbol, AssetClass.equity_index, "")
    if symbol.endswith("=F"):
        return _known(symbol, AssetClass.future, "USD")
    if is_fx(symbol):
        known = _known(symbol, AssetClass.fx, symbol[3:])
        return replace(known, price_decimals=3 if symbol[3:] in _WHOLE else 5)
    if _PAIR.match(symbol):
        return _known(symbol, AssetClass.crypto, symbol.split("-")[1])
    stem, _, suffix = symbol.rpartition(".")
    if stem and suffix in VENUES:
        return _known(symbol, AssetClass.equity, VENUES[suffix].currency, suffix)
    return _known(symbol, AssetClass.equity, "USD")


def is_fx(symbol: str) -> bool:
    """Both halves are currencies of ISO 4217."""
    return len(symbol) == 6 and symbol[:3] in CURRENCIES and symbol[3:] in CURRENCIES


def normal(text: str) -> str:
    """A text as tio spells symbols: `XBT/USD` → `BTC-USD`, `VOD.L` → `VOD.LSE`."""
    symbol = clean(text).strip().upper()
    if symbol.endswith("=X"):
        symbol = symbol[:-2] if len(symbol) == 8 else f"USD{symbol[:-2]}"
    if "/" in symbol or "_" in symbol:
        joined = re.sub(r"[/_]", "-", symbol)
        bare = joined.replace("-", "")
        symbol = bare if is_fx(bare) else joined
    parts = symbol.split("-")
    if len(parts) > 1 and not symbol.startswith("SIM:"):
        symbol = "-".join(_RENAMED.get(part, part) for part in parts)
        if len(parts) == 2 and len(parts[1]) == 1:
            symbol = f"{parts[0]}.{parts[1]}"  # BRK-B is how some write BRK.B
    stem, _, suffix = symbol.rpartition(".")
    if stem and suffix in SUFFIXES and not (len(suffix) == 1 and suffix not in "LT"):
        symbol = f"{stem}.{SUFFIXES[suffix]}"
    return symbol


def resolve(text: str, known: Mapping[str, Instrument]) -> str:
    """The known symbol a text means; raises NotFound with the nearest ones."""
    if text in known:
        return text
    symbol = normal(text)
    for candidate in (text.strip().upper(), symbol, f"SIM:{symbol}"):
        if candidate in known:
            return candidate
    spelled = text.strip().casefold()
    bare = _bare(symbol)
    for name, instrument in known.items():
        if _bare(name) == bare or any(spelled == alias.casefold() for alias in instrument.aliases):
            return name
    raise unknown(text, known)


def unknown(text: str, known: Iterable[str]) -> NotFound:
    """The error for a symbol nobody serves."""
    shown = clean(text)[:64]
    near = difflib.get_close_matches(normal(text), list(known), 3, 0.5)
    hint = f"did you mean {', '.join(near)}?" if near else "no source of this workspace serves it"
    return NotFound(f"nothing is known of the symbol {shown!r}", hint)


def search(query: str, known: Iterable[Instrument], limit: int) -> tuple[Instrument, ...]:
    """Instruments whose symbol, name or alias holds the query, the likeliest first."""
    wanted = query.strip().casefold()
    spelled = normal(query).casefold() if query.strip() else ""
    found = []
    for instrument in known:
        rank = _rank(instrument, wanted, spelled)
        if rank is not None:
            found.append((rank, len(instrument.symbol), instrument.symbol, instrument))
    found.sort(key=lambda row: row[:3])
    return tuple(row[3] for row in found[:limit])


def _rank(instrument: Instrument, wanted: str, spelled: str) -> int | None:
    symbol = instrument.symbol.casefold()
    if symbol in (wanted, spelled) or any(wanted == a.casefold() for a in instrument.aliases):
        return 0
    if symbol.startswith((wanted, "sim:" + wanted)):
        return 1
    if any(part.startswith(wanted) for part in instrument.name.casefold().split()):
        return 2
    texts = (symbol, instrument.name.casefold(), *(a.casefold() for a in instrument.aliases))
    return 3 if any(wanted in text or (spelled and spelled in text) for text in texts) else None


def _bare(symbol: str) -> str:
    return re.sub(r"[^A-Z0-9^=:]", "", symbol.upper())


def _known(symbol: str, kind: AssetClass, currency: str, venue: str = "") -> Instrument:
    return Instrument(symbol=symbol, asset_class=kind, currency=currency, venue=venue)
