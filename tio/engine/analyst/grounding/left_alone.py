"""Numbers that claim nothing: numbering, names, parameters of tools, what the person asked."""

import re
from decimal import Decimal

from tio.engine.analyst.grounding.figures import Figure, Form

_NAMES = re.compile(
    r"\b(?:S&P|S\s?&\s?P|Russell|Nasdaq|NASDAQ|FTSE|DAX|CAC|Nikkei|Stoxx|STOXX|Dow(?: Jones)?|TOPIX"
    r"|ASX|IBEX|TSX|CSI|SMI|MDAX|NIFTY|Nifty|Level|level|Tier|tier|Article|Section|ISO|Rule|Form"
    r"|Top|top|Step|step|Option|option|Scenario|scenario|Point|point|Phase|phase|Note|Figure|Table"
    r"|No\.|#|Part|part|Class|Series|Chapter|Hang Seng|Euro Stoxx|G|MiFID|Basel|Web|COVID|iPhone"
    r"|Galaxy|Windows|Boeing|Model|Xbox|PlayStation|Pixel)[\s-]?$"
)
_AFTER = re.compile(
    r"-?(?:K|Q|Y)\b|\(k\)|F\b|/7\b|-?year (?:treasury|note|bond|yield|bund|gilt)s?", re.IGNORECASE
)
_INDICATOR = re.compile(
    r"\b(?:RSI|SMA|EMA|WMA|HMA|DEMA|TEMA|MA|ATR|ADX|CCI|MFI|ROC|BB|MACD|Stoch(?:astic)?|Bollinger"
    r"(?: bands?)?|Donchian|Keltner|Aroon|Supertrend|VaR|EWMA|momentum|correlation|beta"
    r"|volatility|average|window|period|length|lookback|top|last|past|previous|trailing)"
    r"(?: of| over(?: the)?(?: last| past)?)?[\s(-]{1,2}(?:\d+(?:\.\d+)?\s?[,/]\s?)*$",
    re.IGNORECASE,
)
_SPAN = re.compile(
    r"[\s-]?(?:day|week|month|year|hour|minute|min|bar|period|session|quarter|h|d|w|m)s?\b"
    r"(?!\s(?:ago|later|old|streak|in a row|away))",
    re.IGNORECASE,
)
_OF_A_SPAN = re.compile(
    r"^[\s-]?\w+\)?,?(?:\s[\w'’-]+){0,3}?\s?(?:high|low|average|moving|sma|ema|ma|range|returns?"
    r"|volatility|vol|change|rsi|atr|correlations?|momentum|window|var|value at risk|horizon|mean"
    r"|chart|candles?|bars?|timeframe|lookback|basis|trend|period|beta|low|extreme|shortfall)s?\b",
    re.IGNORECASE,
)
_WINDOW = re.compile(
    r"\b(?:over|across|during|within|for|in)\s(?:the\s)?(?:last|past|most recent|latest|previous)"
    r"\s$"
    r"|\b(?:averag\w*|mean|high|low|range)\s(?:over|of|across|for)\s(?:the\s)?(?:last\s|past\s)?$",
    re.IGNORECASE,
)
_RULE_OF_THUMB = re.compile(
    r"\b(?:anything|any (?:one|single) \w+|no (?:one|single) \w+|never|a maximum of)\b"
    r"[\w\s]{0,30}(?:above|over|more than|beyond|exceed\w*|below|under|less than|of)\s$",
    re.IGNORECASE,
)
_CONFIDENCES = {Decimal(told) for told in ("90", "95", "97.5", "99", "99.5", "99.9")}
_OF_RISK = re.compile(
    r"[\s-](?:(?:one|1|ten|10)-day |daily )?(?:va?r|value[- ]at[- ]risk|es|confidence|interval"
    r"|expected shortfall)\b",
    re.IGNORECASE,
)
_RISK_OF = re.compile(r"\b(?:va?r|risk|shortfall|es|confidence)\s?\($", re.IGNORECASE)
_TIMEFRAME = re.compile(r"\d{1,3}(?:mo?|h|d|w|y):\s")
_AHEAD = re.compile(
    r"\b(?:next|coming|following|another)\s(?:\d+(?:\s?[-–]\s?|\s(?:to|or)\s))?$", re.IGNORECASE
)
_AHEAD_OF_SPAN = re.compile(r"(?:\s?[-–]\s?|\s(?:to|or)\s)\d+")
_SPLIT = re.compile(r"(?<![\w.,/$])(\d{1,2})/(\d{1,2})(?![\w/]|\.\d)")
_ITEM = re.compile(r"(?<![\w.,$€£-])(\d{1,2})[.)]\s(?=[^\W\d])")
_OSCILLATOR = re.compile(
    r"\b(?:RSI|stochastic|MFI|ADX|CCI|Williams|overbought|oversold|oscillator|midline|neutral)\b",
    re.IGNORECASE,
)
_LEVELS = {Decimal(n) for n in (0, 20, 25, 30, 40, 50, 60, 70, 80, 100)}
_THRESHOLD = re.compile(
    r"(?:above|below|over|under|than|threshold|line|level|mark|of|at|the|past|between|and|[/–(-])"
    r"\s?(?:the\s)?$",
    re.IGNORECASE,
)
_NUMBERING = re.compile(r"^\s*(?:#+\s*|[-*]\s+|>\s*)*(?:\*\*)?\(?$")
_AFTER_NUMBERING = re.compile(r"[.):]\s|\.?\*\*|[.)]$")
_LINK = re.compile(r"https?://\S+|\]\([^)]*\)|\[\^?\d+\]|`\d+[smhdw]`")


def left_alone(text: str, figure: Figure, asked: frozenset[Decimal], given: set[Decimal]) -> bool:
    """Whether a figure of a sentence claims nothing.

    `asked`: the numbers of the question; `given`: those the tools were called with.
    """
    if any(one.start() <= figure.start < one.end() for one in _LINK.finditer(text)):
        return True
    head, tail = text[: figure.start], text[figure.end :]
    if figure.form in (Form.date, Form.time, Form.symbol):
        return False
    if _NUMBERING.match(head) and _AFTER_NUMBERING.match(tail) and _is_small(figure):
        return True
    if figure.form is Form.percent and _RULE_OF_THUMB.search(head):
        return True
    sure = figure.form is Form.percent and figure.value in _CONFIDENCES
    if sure and (_OF_RISK.match(tail) or _RISK_OF.search(head)):
        return True
    if figure.form is Form.percent:
        return figure.value in asked or (
            figure.quantum == 1 and figure.value >= 50 and figure.value / 100 in given
        )
    if figure.value in asked:
        return True
    if figure.form is not Form.plain or figure.sign:
        return False
    return (
        part_of_a_name(text, figure)
        or bool(_NUMBERING.match(head) and _TIMEFRAME.match(text, figure.start))
        or bool(_AFTER.match(tail))
        or _is_split(text, figure)
        or _is_item(text, figure)
        or _is_ahead(head, tail)
        or _is_parameter(text, figure, head, tail, given)
        or _is_level(text, figure, head)
    )


def part_of_a_name(text: str, figure: Figure) -> bool:
    """Whether a number ends a name, as that of the Russell 2000."""
    return _NAMES.search(text[max(0, figure.start - 16) : figure.start]) is not None


def _is_split(text: str, figure: Figure) -> bool:
    """Whether two numbers are a saying: 60/40 and all that make a hundred, and 24/7."""
    return any(
        one.start() <= figure.start < one.end()
        and (int(one[1]) + int(one[2]) == 100 or one.group() == "24/7")
        for one in _SPLIT.finditer(text)
    )


def _is_item(text: str, figure: Figure) -> bool:
    """Whether a number counts up an enumeration within a line: `1. price 2. volume`."""
    wanted = 1
    for one in _ITEM.finditer(text):
        if int(one[1]) == wanted:
            if one.start() == figure.start:
                return wanted > 1 or f" {wanted + 1}" in text[one.end() :]
            wanted += 1
    return False


def _is_ahead(head: str, tail: str) -> bool:
    """Whether a number is of a time to come: `over the next 6–12 months`."""
    joint = _AHEAD_OF_SPAN.match(tail)
    return bool(_AHEAD.search(head) and _SPAN.match(tail[joint.end() if joint else 0 :]))


def _is_small(figure: Figure) -> bool:
    return figure.form is Form.plain and figure.quantum == 1 and figure.value < 100


def _is_parameter(text: str, figure: Figure, head: str, tail: str, given: set[Decimal]) -> bool:
    whole = figure.quantum == 1 and 0 < figure.value <= 500
    if _SPAN.match(tail) and whole and _WINDOW.search(head):
        return True
    spans = _SPAN.match(tail) is not None or re.fullmatch(r"\d+[mhdw]", figure.text) is not None
    if spans and (figure.value in given or _OF_A_SPAN.match(tail)):
        return True
    if re.fullmatch(r"\d{1,2}m", figure.text) and _OF_A_SPAN.match(" x" + tail):
        return True
    opened = _INDICATOR.search(head)
    if opened is None or not (whole or figure.value in given):
        return False
    if figure.value in given or "(" in opened.group() or "-" in opened.group():
        return True
    return spans or re.match(r"\s?(?:is|at|of|=|:|stands|reads)\b", tail) is not None


def _is_level(text: str, figure: Figure, head: str) -> bool:
    return (
        figure.value in _LEVELS
        and figure.quantum == 1
        and _OSCILLATOR.search(text) is not None
        and _THRESHOLD.search(head) is not None
    )
