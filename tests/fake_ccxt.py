"""A package named ccxt with one exchange, `fakex`, written where a child process finds it.

It says things on stdout, as libraries do. What it was asked stands in `asked.txt` of the folder it
was written into.
"""

from pathlib import Path

_SOURCE = """
from pathlib import Path

print("an import that prints")
exchanges = ["fakex", "bitfinex"]
_ASKED = Path(__file__).parent.parent.parent / "asked.txt"
STEPS = {"1m": 60, "1h": 3600, "1d": 86400}


class BaseError(Exception): ...
class NetworkError(BaseError): ...
class RateLimitExceeded(NetworkError): ...
class BadSymbol(BaseError): ...


class fakex:
    has = {"fetchTickers": True, "fetchOHLCV": True}
    timeframes = {"1m": "1m", "1h": "1h", "1d": "1d"}
    precisionMode = 4

    def __init__(self, options):
        assert options["enableRateLimit"] is True
        self.httpsProxy = None
        self.note("opened")

    def note(self, text):
        with _ASKED.open("a") as file:
            file.write(text + "\\n")

    def load_markets(self, reload):
        print("a library that prints")
        def market(symbol, **more):
            base, quote = symbol.split("/")
            told = {"symbol": symbol, "base": base, "quote": quote, "spot": True, "active": True}
            return told | {"precision": {"price": 0.01, "amount": 1e-8}} | more
        return {
            "BTC/USD": market("BTC/USD"),
            "ETH/USD": market("ETH/USD"),
            "DEAD/USD": market("DEAD/USD", active=False),
            "BTC/USD:USD": market("BTC/USDT", spot=False),
        }

    def fetch_tickers(self, symbols):
        self.note("tickers " + ",".join(symbols) + f" proxy={self.httpsProxy}")
        if "ETH/USD" in symbols:
            raise RateLimitExceeded("slow down")
        return {s: {"symbol": s, "timestamp": 1795186800000, "last": 90.5} for s in symbols}

    def parse_timeframe(self, timeframe):
        return STEPS[timeframe]

    def fetch_ohlcv(self, symbol, timeframe, since, limit):
        self.note(f"candles {timeframe} {since} {limit}")
        if symbol == "ETH/USD":
            raise SystemExit(3)
        step = STEPS[timeframe] * 1000
        first = -(-since // step) * step
        return [[first + n * step, 10.0, 12.0, 9.0, 11.0, 1.0] for n in range(min(limit, 300))]


class bitfinex(fakex): ...
"""


def written(folder: Path) -> Path:
    """The folder to put on the module path; the package is in it."""
    package = folder / "modules" / "ccxt"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(_SOURCE)
    return package.parent
