"""What a field of an answer means, by its name: its kind, its scale, the words that tell it."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a value is of; `number` is one no name or type tells more about."""

    price = "price"
    money = "money"
    percent = "percent"
    ratio = "ratio"
    tally = "count"
    quantity = "quantity"
    moment = "moment"
    symbol = "symbol"
    number = "number"


@dataclass(frozen=True, slots=True)
class Sense:
    """The kind of a field; `fraction`: 0.12 is 12 %; `signed`: up and down tell its sign.

    `said`: regular expressions of the words a sentence names it with, "" for its own name.
    """

    kind: Kind
    said: str = ""
    fraction: bool = False
    signed: bool = False


_P, _M, _R, _C, _Q = Kind.price, Kind.money, Kind.ratio, Kind.tally, Kind.quantity


def _price(said: str = "") -> Sense:
    return Sense(_P, said)


def _money(said: str = "", signed: bool = False) -> Sense:
    return Sense(_M, said, signed=signed)


def _share(said: str = "", signed: bool = False) -> Sense:
    return Sense(Kind.percent, said, fraction=True, signed=signed)


BY_NAME: dict[str, Sense] = {
    # prices
    "last": _price(
        r"last|trade[sd]?|trading|pric(?:e|ed)|quot(?:e|es|ed)"
        r"|chang(?:e|es|ed|ing) hands (?:at|for)"
    ),
    "close": _price(
        r"c(?=:? [$€£]?\d)|clos(?:e|ed|es|ing)|settl(?:e|ed|es|ing)|end(?:ed|s|ing)"
        r"|finish(?:ed|es|ing)|start(?:ed|s)?(?= at)"
    ),
    "open": _price(r"open(?:ed|s|ing)?|start(?:ed|s|ing)?|o(?=:? [$€£]?\d)"),
    "high": _price(
        r"h(?=:? [$€£]?\d)|(?:intraday )?(?:high|highs|peak(?:ed)?|top(?:ped)?)|(?:\w+ as high"
        r"|rose as far) as|between(?=\W+\d)(?!\W+(?:\d{4}-|\d{1,2}[ /.]+(?:\d|[a-z]{3})))"
        r"|best level|highest(?: price| level)?"
        r"|(?:(?:day|trading|intraday|session)(?:'s)? )?rang(?:e|es|ed|ing)"
    ),
    "low": _price(
        r"l(?=:? [$€£]?\d)|(?:intraday )?(?:low|lows|trough(?:ed)?|bottom(?:ed)?)|(?:\w+ as low"
        r"|fell as far) as|between(?=\W+\d)(?!\W+(?:\d{4}-|\d{1,2}[ /.]+(?:\d|[a-z]{3})))"
        r"|worst level|never below|lowest(?: price| level)?"
        r"|(?:(?:day|trading|intraday|session)(?:'s)? )?rang(?:e|es|ed|ing)"
    ),
    "bid": _price(r"bid|quoted(?= (?:at )?[$€£]?[\d.,]+ ?(?:to|/|-|–) ?[$€£]?\d)"),
    "ask": _price(
        r"ask(?:ed|ing)?|offer(?:ed)?"
        r"|quoted(?= (?:at )?[$€£]?[\d.,]+ ?(?:to|/|-|–) ?[$€£]?\d)"
    ),
    "previous_close": _price(
        r"(?:previous|prev\.?|prior|last|yesterday's|preceding) (?:close|session|day)"
        r"|previously closed|yesterday's(?= [$€£]?\d)|(?:day|evening|session|night) before"
    ),
    "day_high": _price(r"(?:day's|day|today's|intraday|session) high|high of the day"),
    "day_low": _price(r"(?:day's|day|today's|intraday|session) low|low of the day"),
    "year_high": _price(
        r"(?:52.week|year(?:ly|'s)?|one.year|12.month|annual) (?:high|range|peak|top)"
    ),
    "year_low": _price(
        r"(?:52.week|year(?:ly|'s)?|one.year|12.month|annual) (?:low|range|trough|bottom)"
    ),
    "target_price": _price(r"(?:price )?target|consensus"),
    "average_cost": _price(
        r"average cost|costs?(?= [$€£]?[\d.,]+ (?:each|a share|per share|apiece|on average))"
        r"|cost basis|bought at|entry|average price|paid"
    ),
    "price": _price(r"pric(?:e|ed)|trade[sd]?|trading|last|quoted"),
    "eps": _price(
        r"eps|earnings(?: per share)?|earn(?:s|ed)|made(?= [$€£]?[\d.,]+ (?:a|per) share)"
    ),
    "book_value": _price(r"book value"),
    "dividend_rate": _price(r"(?:annual )?dividend|pays|payout"),
    "amount": _money(),
    "ref_price": _price(),
    "vwap": _price(),
    # money
    "market_cap": _money(r"market cap(?:italisation|italization)?|valued|market value|worth"),
    "revenue": _money(r"revenues?|sales|turnover"),
    "free_cash_flow": _money(r"free cash flow|fcf"),
    "nav": _money(
        r"nav|net (?:asset )?value|portfolio(?: is)? worth|net worth|equity"
        r"|total value(?! of (?!the |your |my |this |all ))"
    ),
    "value": _money(r"value|worth|valued"),
    "cost": _money(r"cost|paid"),
    "proceeds": _money(),
    "cash": _money(),
    "fees": _money(r"fees?|commissions?|costs?"),
    "taxes": _money(r"tax(?:es)?"),
    "income": _money(r"income|dividends?"),
    "gain": _money(r"gain(?:ed|s)?|profit|loss|lost|made|earned|brought", signed=True),
    "unrealised": _money(
        r"unreali[sz]ed(?: gain| loss| profit)?|paper (?:gain|loss|profit)|open p&l", signed=True
    ),
    "realised": _money(r"(?<!un)reali[sz]ed(?: gain| loss| profit)?|booked", signed=True),
    "price_gain": _money(r"price gain", signed=True),
    "currency_gain": _money(r"currency (?:gain|effect|loss)", signed=True),
    "currency_result": _money(r"currency (?:gain|effect|loss|result)", signed=True),
    "day_change": _money(r"day change|today|on the day|day's", signed=True),
    "flows": _money(signed=True),
    "net": _money(r"net(?: exposure| value)?", signed=True),
    "short": _money(signed=True),
    "change": Sense(
        _P, r"change(?:d)?|up|down|gain(?:ed|s)?|lost|rose|fell|add(?:ed|s)|shed", signed=True
    ),
    # percent and fractions
    "change_percent": Sense(
        Kind.percent,
        r"change(?:d)?|up|down|gain(?:ed|s)?|lost|rose|fell|add(?:ed|s)|shed|higher|lower",
        signed=True,
    ),
    "weight": _share(
        r"weigh(?:t|ts|s|ed|ted|ing)?|share|makes? up|accounts? for|allocation|portfolio|stake"
        r"|of (?:net asset value|nav|the (?:book|account|fund))"
    ),
    "share": _share(r"share|part|makes? up|accounts? for"),
    "dividend_yield": _share(r"(?:dividend )?yield(?:s|ing)?"),
    "profit_margin": _share(r"(?:net |profit )?margins?"),
    "return_on_equity": _share(r"return on equity|roe"),
    "simple": _share(r"simple return|return", signed=True),
    "time_weighted": _share(
        r"time.weighted(?: return)?|twr|return(?:ed)?|gained|lost", signed=True
    ),
    "money_weighted": _share(r"money.weighted(?: return)?|xirr|irr", signed=True),
    "annual": _share(r"annual(?:i[sz]ed)?(?: return)?|a year|per year|yearly", signed=True),
    "benchmark_return": _share(r"benchmark(?:'s)?(?: return(?:ed)?)?", signed=True),
    "volatility": _share(r"volatility|vol"),
    "tracking_error": _share(r"tracking error"),
    "alpha": _share(signed=True),
    "depth": _share(r"drawdown|decline|fall|fell|drop|deep|loss|lost|peak to trough"),
    "drawdown": _share(r"drawdown|below (?:its|the) peak"),
    "growth": _share(r"growth|return|grew|grown", signed=True),
    "value_at_risk": _share(
        r"value at risk|var(?:[ -]?9\d(?:\.\d)?)?|lose (?:less|more) than|loss(?:es)? beyond"
    ),
    "expected_shortfall": _share(r"expected shortfall|(?:es|cvar)(?:[ -]?9\d(?:\.\d)?)?|shortfall"),
    "stale_share": _share(r"stale"),
    "covered": _share(r"cover(?:ed|s|age|ing)"),
    "component": _share(r"component|contribut(?:es|ion)|part"),
    # what indicators are called
    "rsi": Sense(Kind.number, r"rsi|relative strength(?: index)?"),
    "sma": Sense(Kind.number, r"sma|(?:simple )?moving average"),
    "ema": Sense(Kind.number, r"ema|exponential (?:moving )?average"),
    "atr": Sense(Kind.number, r"atr|average true range"),
    "macd": Sense(Kind.number, r"macd(?: line)?"),
    "win_rate": _share(r"win rate|hit rate|wins"),
    "confidence": _share(),
    # ratios
    "pe": Sense(_R, r"(?:trailing )?(?:p/e|pe|price.to.earnings|earnings multiple|multiple)"),
    "forward_pe": Sense(
        _R, r"forward(?:[\s\w]{0,30}?(?:p/e|pe|price.to.earnings|multiple|earnings))?"
    ),
    "price_to_book": Sense(_R, r"price.to.book|p/b"),
    "debt_to_equity": Sense(_R, r"debt.to.equity|leverage"),
    "beta": Sense(_R),
    "sharpe": Sense(_R, r"sharpe(?: ratio)?"),
    "sortino": Sense(_R, r"sortino(?: ratio)?"),
    "calmar": Sense(_R, r"calmar(?: ratio)?"),
    "omega": Sense(_R, r"omega(?: ratio)?"),
    "information_ratio": Sense(_R, r"information ratio"),
    "correlation": Sense(_R, r"correlat(?:ion|ed|es)"),
    "values": Sense(_R, r"correlat(?:ion|ed|es)"),
    "p_value": Sense(_R, r"p.value"),
    "rate": Sense(_R, r"rate|exchange rate"),
    "ratio": Sense(_R, r"split|ratio"),
    # counts and quantities
    "volume": Sense(
        _Q,
        r"volume|turnover|traded|shares (?:traded|chang(?:ed|ing) hands)"
        r"|chang(?:e|ed|ing) hands(?! (?:at|for))",
    ),
    "average_volume": Sense(
        _Q, r"(?:average|usual|normal|typical) (?:daily |trading )*(?:volume|turnover)|usual"
    ),
    "quantity": Sense(_Q, r"quantity|hold(?:s|ing)?|own(?:s)?|position|shares|units|coins"),
    "shares": Sense(_Q, r"shares(?: outstanding)?"),
    "bid_size": Sense(_Q, r"bid size|bid for"),
    "ask_size": Sense(_Q, r"ask size|offered"),
    "size": Sense(_Q),
    "employees": Sense(_C, r"employ(?:s|ees|ed)|staff|people|headcount|workforce"),
    "entries": Sense(_C, r"entr(?:y|ies)|transactions"),
    "lots": Sense(_C),
    "days": Sense(_C, r"days|lasted|took"),
}
"""Words added later need no line here: what is not listed is understood by its ending and type."""

BY_ENDING: tuple[tuple[str, Sense], ...] = (
    ("_percent", Sense(Kind.percent, signed=True)),
    ("_price", _price()),
    ("_high", _price()),
    ("_low", _price()),
    ("_close", _price()),
    ("_cost", _money()),
    ("_value", _money()),
    ("_gain", _money(signed=True)),
    ("_share", _share()),
    ("_yield", _share()),
    ("_margin", _share()),
    ("_growth", _share(signed=True)),
    ("_return", _share(signed=True)),
    ("_rate", _share()),
    ("_weight", _share()),
    ("_ratio", Sense(_R)),
    ("_volume", Sense(_Q)),
    ("_size", Sense(_Q)),
    ("_quantity", Sense(_Q)),
    ("_count", Sense(_C)),
    ("_days", Sense(_C)),
    ("_score", Sense(Kind.number)),
)

NOT_TOLD = frozenset(
    {"id", "version", "position", "price_decimals", "size_decimals", "cik", "website", "seq",
     "epoch", "received_at", "order", "delay_minutes", "spellings", "told_by", "drawn", "warm_up"}
)  # fmt: skip
"""Fields of bookkeeping, which an answer cites to no one."""

_PLAIN = {int: Sense(Kind.tally), float: Sense(Kind.number)}


def sense(field: str, value_type: type) -> Sense:
    """What a field of this name and type is; never fails."""
    if field in BY_NAME:
        return BY_NAME[field]
    for ending, found in BY_ENDING:
        if field.endswith(ending):
            return found
    return _PLAIN.get(value_type, Sense(Kind.number))


def said(field: str) -> str:
    """The regular expression of the words that name a field."""
    known = BY_NAME.get(field)
    if known is not None and known.said:
        return known.said
    import re

    return "[ _-]".join(re.escape(part) for part in field.lower().split("_") if part) + "(?:e?s)?"
