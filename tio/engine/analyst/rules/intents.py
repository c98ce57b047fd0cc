"""What a question without a model is understood as: the matter, the indicator, the currency."""

import re
from enum import StrEnum


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
    news = "news"
    trend = "trend"
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


OWN = frozenset((Matter.position, Matter.orders, Matter.ideas, Matter.income, Matter.size))
WIDE = frozenset(
    {Matter.journal, Matter.risk, Matter.portfolio, Matter.morning, Matter.help, Matter.hours} | OWN
)
"""What a question may be about without naming a symbol."""
PAIRS = frozenset((Matter.compare, Matter.correlation))
"""What needs two symbols."""

_WORDS: tuple[tuple[Matter, str], ...] = (
    (Matter.help, r"what can (you|i) (do|tell|answer|ask)|^help\b|how do i use you"),
    (Matter.size, (r"how (many|much) .*(buy|risk|size)|position size"
                   r"|size (of )?(a|my|the) position|if i risk")),
    (Matter.levels, r"where (should|do|would|could|can) i (put|place|set|get|enter|buy|sell)"),
    (Matter.orders, (r"\borders?\b|\bworking\b.*(order|stop)|\bstops? (are|is) |\bstops?( at)?\W*$"
                     r"|\b(my|the|that|this|a) stops?\b")),
    (Matter.why, (r"\bwhy\b|what (moved|happened|drove|is behind)|reason (for|behind)"
                  r"|what.?s (behind|driving)|going on (with|in)"
                  r"|happening (with|to|in)|what.?s up with")),
    (Matter.compare, (r"\bcompar|\bversus\b|\bvs\.?\b|\b(strong|weak)er\b|\bbetter\b|\bworse\b"
                     r"|(out|under)perform|\bbeat\b|which (one )?(is|of|has|did)"
                     r"|against each other")),
    (Matter.correlation, r"\bcorrelat|move together|hedge[sd]?\b|in step|diversif"),
    (Matter.income, (r"\bincome\b|dividends? (did|have|do|will) i"
                    r"|i (received?|get|earn|have|make) .*dividend|my (\w+ )?dividend"
                    r"|yield on cost")),
    (Matter.ideas, r"\bideas?\b|\bcards?\b|\bthes[ie]s\b|\bi\d{1,9}\b"),
    (Matter.portfolio, (r"\bam i (up|down|ahead|making|losing)\b|(making|losing|made|lost) money"
                       r"|\bcash\b|buying power|concentrat|diversified")),
    (Matter.journal, (r"\bjournal\b"
                     r"|\b(my|our|past|closed|last|best|worst|losing|winning|per) trades?\b"
                     r"|\btrades\b(?! (at|for|near|around))|expectancy|win rate"
                     r"|my (mistakes|setups)"
                     r"|which setup")),
    (Matter.position, (r"(my|our) position\b|do i (hold|own|have)|am i (long|short)|my cost"
                      r"|\blots?\b"
                      r"|break.?even|how (much|many) .* (do i|i) (hold|own|have)|did i (pay|buy)"
                      r"|cost basis|my (entry|average)")),
    (Matter.volatility, r"how risky|\bvolatil|how wild|\bswings?\b"),
    (Matter.risk, (r"\brisk|\bvar\b|value at risk|expected shortfall|\bdrawdown|\bexposure"
                   r"|\blimits?\b|\bstress\b|(could|can|might|would) i lose|worst case|\bcrash"
                   r"|bad day")),
    (Matter.portfolio, (r"\bportfolio\b|\bholdings\b|\bp ?[&/n] ?l\b|\bpnl\b"
                       r"|profit and loss|net worth"
                       r"|how am i doing|allocation|winners|losers"
                       r"|(have|did) i (made?|lost|lose|earn)"
                       r"|my (gains?|profit|loss(es)?|performance|cash|positions|account|equity"
                       r"|money)")),
    (Matter.morning, (r"\bwatch ?list|\bmorning\b|\bmovers?\b|what (should|to) (i )?(look|watch)"
                     r"|my list|worth a look|\bgainers?\b|what.*(moved|moving)\b|interesting")),
    (Matter.hours, (r"\bis .*\b(open|closed|trading(?! (at|for|near|around|above|below)))\b"
                   r"|when (does|do|will) .*\b(open|close)\b|\bhours\b|\bholidays?\b"
                   r"|opens? (at|in|today|tomorrow)|closes? (at|in)\b|market (open|close)"
                   r"|\bhalf day")),
    (Matter.events, (r"\bearnings\b|\bdividend|\bsplits?\b|ex.?date|\bevents?\b|\bcalendar\b"
                    r"|coming up|\bahead\b")),
    (Matter.news, r"\bnews\b|\bheadlines?\b|\bstor(y|ies)\b|\bannounce|\brumou?rs?\b"),
    (Matter.indicator, (r"\brsi\b|\bmacd\b|\bema\b|\bsma\b|\batr\b|\badx\b|\bvwap\b|\bobv\b|\bcci\b"
                       r"|\bmfi\b|\bbollinger|\bbbands\b|\bstoch|moving average|relative strength"
                       r"|day average|\boverbought|\boversold")),
    (Matter.levels, r"\bsupport|\bresistance|\blevels?\b|\bpivot"),
    (Matter.trend, r"\btrend|\bmomentum|\bbullish|\bbearish"),
    (Matter.extreme, (r"\bhigh(est)?\b|\blow(est)?\b|\bpeak\b|\bbottom\b|\brange\b"
                      r"|\bmaximum|\bminimum")),
    (Matter.volume, r"\bvolume\b|\bliquid|\bturnover"),
    (Matter.quality, (r"\bstale\b|\bdelay|how (old|fresh)|which source|where (does|do) .*come from"
                     r"|real.?time|data quality")),
    (Matter.outlook, r"should i (buy|sell|hold|short)|good (time|moment|idea)|worth (buying|it)"),
    (Matter.change, (r"\bchange|\bperform|\breturn|\bmoved?\b|\bgain|\brise|\brose|\bfell\b|\bfall"
                    r"|\bdown\b|\bup\b|\blost\b|\bmade\b|how (has|did)|\bdone\b")),
    (Matter.price, (r"\bprice\b|\bquote\b|\btrad(e|es|ing) (at|for|near|around)|going for|\bworth\b"
                   r"|\bcosts?\b|\blast\b(?! (\d|week|month|quarter|year|few))"
                   r"|how much is|\bspread\b|\bbid\b|\bask\b")),
    (Matter.outlook, (r"\boutlook|\bstand|\bbull|\bbear|\bbuy\b|\bsell\b|\bthink\b|\bview\b"
                     r"|\blook(s|ing)?\b|\bbrief|tell me about|how is|make of|opinion|picture")),
)  # fmt: skip
_MATTERS = tuple((matter, re.compile(words)) for matter, words in _WORDS)


def matters_of(question: str) -> tuple[Matter, ...]:
    """All a question may be about, the likeliest first."""
    text = question.lower()
    return tuple(dict.fromkeys(matter for matter, words in _MATTERS if words.search(text)))


def matter_of(question: str) -> Matter:
    """What a question is about."""
    return next(iter(matters_of(question)), Matter.none)


_CURRENCIES = (
    ("EUR", r"\beuros?\b|\beur\b|€"),
    ("GBP", r"\bpounds?\b|\bsterling\b|\bgbp\b|£"),
    ("JPY", r"\byen\b|\bjpy\b|¥"),
    ("CHF", r"\bfrancs?\b|\bchf\b"),
    ("USD", r"\bdollars?\b|\busd\b"),
)


def currency_of(question: str) -> str:
    """The currency a question wants to be told in, "" where it names none."""
    text = question.lower()
    return next((code for code, words in _CURRENCIES if re.search(rf"\bin ({words})", text)), "")


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
