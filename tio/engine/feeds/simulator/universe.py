"""What the simulated venue lists: hand-named instruments first, generated ones after them."""

from typing import Literal

import msgspec

from tio.api.market import AssetClass, Instrument

SessionKind = Literal["stock", "fx", "crypto"]
Kind = Literal["stock", "etf", "index", "fx", "commodity", "crypto"]

SECTOR_SIGMA = {
    "technology": 0.0085,
    "energy": 0.0095,
    "health": 0.0070,
    "finance": 0.0080,
    "retail": 0.0075,
    "industry": 0.0070,
    "market": 0.0,
    "dollar": 0.0035,
    "metals": 0.0080,
    "fuels": 0.0140,
    "coins": 0.0200,
}
"""Daily standard deviation of what the members of a sector share beyond the market."""


class Listing(msgspec.Struct, frozen=True):
    """One fictitious instrument and how it moves; sigmas are daily, `volume` is units a day."""

    symbol: str
    name: str
    kind: Kind
    sector: str
    price: float
    decimals: int = 2
    size_decimals: int = 0
    volume: float = 2_000_000.0
    market_beta: float = 1.0
    sector_beta: float = 1.0
    own_sigma: float = 0.0110
    currency: str = "USD"

    @property
    def session(self) -> SessionKind:
        match self.kind:
            case "crypto":
                return "crypto"
            case "fx" | "commodity":
                return "fx"
            case _:
                return "stock"

    @property
    def instrument(self) -> Instrument:
        return Instrument(
            symbol=self.symbol,
            name=self.name,
            asset_class=AssetClass.simulated,
            venue="SIM",
            currency=self.currency,
            price_decimals=self.decimals,
            size_decimals=self.size_decimals,
            source="simulator",
        )


def listings(count: int) -> tuple[Listing, ...]:
    """The first `count` instruments; a larger universe begins with the smaller one."""
    if count < 1:
        raise ValueError(f"symbols must be at least 1, was {count}")
    if count > MOST:
        raise ValueError(f"symbols must be at most {MOST:,}, was {count:,}")
    named = _NAMED[:count]
    return named + tuple(_generated(index) for index in range(count - len(named)))


def _coin(symbol: str, name: str, price: float, decimals: int, volume: float) -> Listing:
    return Listing(
        f"SIM:{symbol}", name, "crypto", "coins", price, decimals, 4, volume, 0.9, 1, 0.016
    )


def _pair(symbol: str, name: str, price: float, dollar_beta: float, currency: str) -> Listing:
    decimals = 3 if currency == "JPY" else 5
    return Listing(
        f"SIM:{symbol}", name, "fx", "dollar", price, decimals, 0,
        90_000_000.0, 0.03, dollar_beta, 0.0030, currency,
    )  # fmt: skip


def _share(
    symbol: str,
    name: str,
    sector: str,
    price: float,
    volume: float,
    beta: float,
    own: float = 0.011,
) -> Listing:
    return Listing(f"SIM:{symbol}", name, "stock", sector, price, 2, 0, volume, beta, 1.0, own)


def _fund(
    symbol: str,
    name: str,
    kind: Kind,
    sector: str,
    price: float,
    volume: float,
    beta: float,
    own: float,
) -> Listing:
    return Listing(f"SIM:{symbol}", name, kind, sector, price, 2, 0, volume, beta, 1.0, own)


def _goods(
    symbol: str, name: str, sector: str, price: float, decimals: int,
    volume: float, beta: float, sector_beta: float, own: float,
) -> Listing:  # fmt: skip
    return Listing(
        f"SIM:{symbol}", name, "commodity", sector, price, decimals, 0,
        volume, beta, sector_beta, own,
    )  # fmt: skip


_NAMED: tuple[Listing, ...] = (
    _share("ACME", "Acme Machine Works", "industry", 148.20, 9e6, 1.0),
    _coin("BTC-USD", "Simulated Bitcoin", 64_210.0, 2, 18_000),
    _pair("EURUSD", "Simulated Euro / US Dollar", 1.08410, 1.0, "USD"),
    _share("NOVA", "Nova Semiconductor", "technology", 412.60, 2.4e7, 1.35),
    _fund("MKT500", "Simulated Market 500", "index", "market", 5_120.40, 3e6, 1.0, 0.0006),
    _goods("GOLD", "Simulated Gold", "metals", 2_318.50, 2, 240_000, 0.05, 1, 0.006),
    _coin("ETH-USD", "Simulated Ether", 3_120.1, 2, 160_000),
    _share("LUMEN", "Lumenfield Software", "technology", 236.15, 1.6e7, 1.15),
    _share("HELIX", "Helix Therapeutics", "health", 87.40, 6e6, 0.85, 0.0150),
    _share("BOREAL", "Boreal Energy", "energy", 61.85, 1.1e7, 0.95),
    _share("TRUST", "First Harbour Trust", "finance", 54.30, 1.3e7, 1.10),
    _pair("USDJPY", "Simulated US Dollar / Yen", 154.320, -0.9, "JPY"),
    _fund("CORE", "Core Market ETF", "etf", "market", 512.10, 4.2e7, 1.0, 0.0008),
    _goods("OIL", "Simulated Crude Oil", "fuels", 78.42, 2, 520_000, 0.25, 1, 0.008),
    _share("MARKET", "Corner Market Stores", "retail", 33.75, 8e6, 0.80),
    _coin("SOL-USD", "Simulated Solana", 142.36, 3, 2_400_000),
    _pair("GBPUSD", "Simulated Pound / US Dollar", 1.27350, 1.1, "USD"),
    _share("ORBIT", "Orbit Launch Systems", "industry", 19.64, 1.8e7, 1.40, 0.021),
    _fund("TECH", "Technology Sector ETF", "etf", "technology", 204.75, 1.2e7, 1.2, 0.001),
    _share("PETRA", "Petra Exploration", "energy", 27.90, 7e6, 1.05),
    _share("VAULT", "Vault Insurance", "finance", 121.05, 4e6, 0.75, 0.009),
    _share("CLINIC", "Clinic Partners", "health", 142.80, 3e6, 0.70, 0.010),
    _pair("USDCHF", "Simulated US Dollar / Franc", 0.90120, -0.8, "CHF"),
    _goods("SILVER", "Simulated Silver", "metals", 27.315, 3, 130_000, 0.10, 1.6, 0.009),
    _share("PIXEL", "Pixelworks Games", "technology", 71.25, 5e6, 1.20, 0.017),
    _coin("MUTT-USD", "Simulated Muttcoin", 0.14285, 5, 900_000_000),
)  # fmt: skip

_FIRST = ("Al", "Bre", "Cor", "Dun", "El", "Fen", "Gal", "Hol", "Ir", "Jun", "Kel", "Lor", "Mar")
_SECOND = ("ba", "den", "fix", "gor", "lis", "mon", "nex", "por", "ra", "sto", "ty", "vex", "wyn")
_THIRD = ("", "a", "co", "do", "is", "on", "um", "us", "yr")
_TRADES = (
    ("technology", ("Systems", "Software", "Devices", "Networks")),
    ("energy", ("Energy", "Power", "Petroleum", "Solar")),
    ("health", ("Health", "Biologics", "Pharma", "Clinics")),
    ("finance", ("Capital", "Bank", "Holdings", "Insurance")),
    ("retail", ("Stores", "Foods", "Brands", "Outfitters")),
    ("industry", ("Industries", "Works", "Motors", "Freight")),
)
MOST = len(_NAMED) + len(_FIRST) * len(_SECOND) * len(_THIRD)


def _generated(index: int) -> Listing:
    """A stock whose name and traits follow from its place alone."""
    # A step prime to the number of names visits each once, in an order that looks unordered.
    names = len(_FIRST) * len(_SECOND) * len(_THIRD)
    place = index * 787 % names
    place, third = divmod(place, len(_THIRD))
    first, second = divmod(place, len(_SECOND))
    word = _FIRST[first] + _SECOND[second] + _THIRD[third]
    sector, trades = _TRADES[index % len(_TRADES)]
    spread = index * 0.618034 % 1.0
    return Listing(
        f"SIM:{word.upper()}",
        f"{word} {trades[index // len(_TRADES) % len(trades)]}",
        "stock",
        sector,
        round(8.0 * 40.0**spread, 2),
        volume=round(6e6 / (1 + index) ** 0.4),
        market_beta=0.6 + 0.9 * (index * 0.754878 % 1.0),
        own_sigma=0.008 + 0.012 * (index * 0.569840 % 1.0),
    )
