"""What a question without a model is understood as: the matter, the span, the indicator."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from tio.api.market import Timeframe


class Matter(StrEnum):
    """What a question is about; the first whose words it has."""

    help = "help"
    size = "size"
    orders = "orders"
    why = "why"
    compare = "compare"
    correlation = "correlation"
    income = "income"
    ideas = "ideas"
    journal = "journal"
    position = "position"
    risk = "risk"
    portfolio = "portfolio"
    morning = "morning"
    hours = "hours"
    events = "events"
    indicator = "indicator"
    levels = "levels"
    extreme = "extreme"
    volatility = "volatility"
    volume = "volume"
    quality = "quality"
    change = "change"
    price = "price"
    outlook = "outlook"
    none = "none"


_WORDS: tuple[tuple[Matter, str], ...] = (
    (Matter.help, r"what can you (do|tell|answer)|^help\b|how do i use you"),
    (Matter.size, (r"how (many|much) .*(buy|risk|size)|position size"
                   r"|size (of )?(a|my|the) position|if i risk")),
    (Matter.orders, r"\borders?\b|\bworking\b.*(order|stop)|\bstops? (are|is) "),
    (Matter.why, r"\bwhy\b|what (moved|happened|drove|is behind)|reason (for|behind)"),
    (Matter.compare, (r"\bcompar|\bversus\b|\bvs\.?\b|\bstronger\b|\bbetter (than|of)\b"
                     r"|which (one )?(is|of)")),
    (Matter.correlation, r"\bcorrelat|move together|hedge[sd]?\b"),
    (Matter.income, (r"\bincome\b|dividends? (did|have|do|will) i|i (received|get) .*dividend"
                    r"|yield on cost")),
    (Matter.ideas, r"\bideas?\b|\bcards?\b"),
    (Matter.journal, (r"\bjournal\b|\btrades?\b(?! at)|expectancy|win rate|my (mistakes|setups)"
                     r"|which setup")),
    (Matter.position, (r"(my|our) position|do i (hold|own|have)|am i (long|short)|my cost|\blots?\b"
                      r"|break.?even|how (much|many) .* (do i|i) (hold|own|have)")),
    (Matter.risk, (r"\brisk|\bvar\b|value at risk|expected shortfall|\bdrawdown|\bexposure"
                   r"|\blimits?\b|\bstress\b|could i lose")),
    (Matter.portfolio, (r"\bportfolio\b|\bholdings\b|\bp&l\b|net worth|how am i doing|allocation"
                       r"|my (gains?|profit|loss|performance|cash|positions)|winners|losers")),
    (Matter.morning, (r"\bwatch ?list|\bmorning\b|\bmovers?\b|what (should|to) (i )?(look|watch)"
                     r"|my list")),
    (Matter.hours, (r"\bis .*\b(open|closed|trading)\b|when (does|do|will) .*\b(open|close)\b"
                   r"|\bhours\b|\bholidays?\b|opens? (at|in|today|tomorrow)|closes? (at|in)\b"
                   r"|market (open|close)|\bhalf day")),
    (Matter.events, (r"\bearnings\b|\bdividend|\bsplits?\b|ex.?date|\bevents?\b|\bcalendar\b"
                    r"|coming up|\bahead\b")),
    (Matter.indicator, (r"\brsi\b|\bmacd\b|\bema\b|\bsma\b|\batr\b|\badx\b|\bvwap\b|\bobv\b|\bcci\b"
                       r"|\bmfi\b|\bbollinger|\bbbands\b|\bstoch|moving average|relative strength"
                       r"|day average|\boverbought|\boversold")),
    (Matter.levels, r"\bsupport|\bresistance|\blevels?\b|\bpivot"),
    (Matter.extreme, (r"\bhigh(est)?\b|\blow(est)?\b|\bpeak\b|\bbottom\b|\brange\b"
                      r"|\bmaximum|\bminimum")),
    (Matter.volatility, r"\bvolatil|how wild|\bswings?\b"),
    (Matter.volume, r"\bvolume\b|\bliquid|\bturnover"),
    (Matter.quality, (r"\bstale\b|\bdelay|how (old|fresh)|which source|where (does|do) .*come from"
                     r"|real.?time|data quality")),
    (Matter.change, (r"\bchange|\bperform|\breturn|\bmoved?\b|\bgain|\brise|\brose|\bfell\b|\bfall"
                    r"|\bdown\b|\bup\b|\blost\b|\bmade\b|how (has|did)")),
    (Matter.price, (r"\bprice\b|\bquote\b|\btrad(e|es|ing) at|\bworth\b|\bcosts?\b|\blast\b"
                   r"|how much is|\bspread\b|\bbid\b|\bask\b")),
    (Matter.outlook, (r"\btrend|\boutlook|\bstand|\bbull|\bbear|\bbuy\b|\bsell\b|\bthink\b|\bview\b"
                     r"|\blook(s|ing)?\b|\bmomentum|\bbrief|tell me about|how is")),
)  # fmt: skip
_MATTERS = tuple((matter, re.compile(words)) for matter, words in _WORDS)

_COUNTED = re.compile(r"\b(\d{1,3})[ -]?(minutes?|hours?|days?|sessions?|weeks?|months?|years?)\b")
_NAMED = {
    "today": 1, "yesterday": 2, "this week": 7, "last week": 14, "week": 7, "fortnight": 14,
    "this month": 31, "last month": 62, "month": 31, "quarter": 92, "half year": 183,
    "year to date": 0, "ytd": 0, "this year": 0, "52 weeks": 365, "year": 365,
}  # fmt: skip
_SINCE = re.compile(
    r"\bsince (?:(\d{4})-(\d\d)-(\d\d)|(?:the )?(?:(\d{1,2}) )?(jan|feb|mar|apr|may|jun|jul|aug|sep"
    r"|oct|nov|dec)\w*(?: (\d{1,2})\b)?(?:,? (\d{4}))?)"
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_DAYS = {"day": 1, "session": 1, "week": 7, "month": 31, "year": 365, "hour": 0, "minute": 0}
_FRAME = re.compile(r"\b(1|3|5|15|30)[ -]?m(?:in(?:ute)?s?)?\b|\b(1|2|4)[ -]?h(?:ours?)?\b")


@dataclass(frozen=True, slots=True)
class Span:
    """From when until now a question asks; `words` tells it."""

    start: datetime
    words: str


def matter_of(question: str) -> Matter:
    """What a question is about."""
    text = question.lower()
    return next((matter for matter, words in _MATTERS if words.search(text)), Matter.none)


def span_of(question: str, now: datetime) -> Span | None:
    """The span a question names; None where it names none."""
    text = question.lower()
    if (since := _SINCE.search(text)) and (start := _since(since, now)) is not None:
        return Span(start, f"since {start:%d %b %Y}")
    if counted := _COUNTED.search(text):
        count, unit = int(counted[1]), counted[2].rstrip("s")
        if _DAYS[unit]:
            return Span(now - timedelta(days=count * _DAYS[unit]), f"over {counted[0]}")
    for words, days in _NAMED.items():
        if re.search(rf"\b{words}\b", text):
            start = now - timedelta(days=days)
            if not days:
                start = datetime(now.year, 1, 1, tzinfo=UTC)
            plain = words.startswith(("this", "year t", "ytd", "today"))
            return Span(start, words if plain else f"over the {words}")
    return None


def frame_of(question: str) -> Timeframe:
    """The timeframe a question names, the day's where it names none."""
    text = question.lower()
    if found := _FRAME.search(text):
        return Timeframe(f"{found[1]}m" if found[1] else f"{found[2]}h")
    if re.search(r"\bhourly\b", text):
        return Timeframe.h1
    return Timeframe.w1 if re.search(r"\bweekly\b|\b1w\b", text) else Timeframe.d1


_INDICATORS: tuple[tuple[str, str], ...] = (
    ("rsi", r"\brsi\b|relative strength|\boverbought|\boversold"),
    ("macd", r"\bmacd\b"),
    ("ema", r"\bema\b|exponential"),
    ("atr", r"\batr\b|true range"),
    ("adx", r"\badx\b"),
    ("vwap", r"\bvwap\b"),
    ("obv", r"\bobv\b"),
    ("cci", r"\bcci\b"),
    ("mfi", r"\bmfi\b|money flow"),
    ("bbands", r"\bbollinger|\bbbands\b"),
    ("stoch", r"\bstoch"),
    ("sma", r"\bsma\b|moving average|day average"),
)
_LENGTH = re.compile(
    r"\b(?:rsi|ema|sma|atr|adx|cci|mfi)[ (]?(\d{1,3})\b|\b(\d{1,3})[ -]?(?:day|period|bar|week)s?"
    r"(?: simple| exponential)? ?(?:moving average|average|ema|sma|rsi|atr|adx)"
)


def indicator_of(question: str) -> tuple[str, int | None]:
    """The indicator a question names and its length, None where it tells none."""
    text = question.lower()
    name = next((name for name, words in _INDICATORS if re.search(words, text)), "rsi")
    found = _LENGTH.search(text)
    length = int(found[1] or found[2]) if found else None
    return name, length if length and 2 <= length <= 500 else None


def _since(found: re.Match[str], now: datetime) -> datetime | None:
    year, month, day, before, name, after, told = found.groups()
    try:
        if year:
            start = datetime(int(year), int(month), int(day), tzinfo=UTC)
        else:
            number = _MONTHS.index(name) + 1
            start = datetime(int(told or now.year), number, int(before or after or 1), tzinfo=UTC)
            if not told and start > now:
                start = start.replace(year=now.year - 1)
    except ValueError:
        return None
    return start if start < now else None
