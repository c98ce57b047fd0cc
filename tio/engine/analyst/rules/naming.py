"""The instruments a question names: by symbol, by `$W`, or by a company's name."""

import re

from tio.api.market import Instrument

_TOKEN = re.compile(r"\$?[A-Za-z^][A-Za-z0-9.:=^&-]*[A-Za-z0-9]|\$[A-Za-z]\b")
_MOST = 8
_NO_SYMBOL = frozenset(
    """A I RSI MACD EMA SMA ATR ADX VWAP OBV CCI MFI P&L PNL ETF VAR ES USD EUR GBP JPY CHF YTD EPS
    OK AI US UK EU UTC TODAY WHY HOW WHAT WHEN WHICH WHO IS ARE THE AND OR NOT VS FOR OF ON IN AT
    TO MY ME IT DO DOES DID""".split()
)
_COMMON = frozenset(
    """buy buys bid ask ex old day how did get got its has had was one two
    about above after against ahead been before below better between bought brief change changed
    close closed closes compare compared correlation could current day days dividend dividends does
    doing down drawdown during earnings ever expect explain fall fell from gain give happened
    have high higher highest hold hours idea ideas indicator into journal know last left level
    levels like likely limit limits list long look looking lost low lower lowest made mean moment
    momentum month months morning most move moved moving much near next news now open opens
    order orders outlook over overbought oversold past perform performance performed portfolio
    position positions price profit quote range rate resistance return returns risk risky rose
    sell sentiment setup setups shall share shares short should show since size sold some split
    spread stand stands start stock stocks stop stops stress strong stronger support tell than
    that their them then there these they think this time today tomorrow trade traded trades
    trading trend under value versus very view volatile volatility volume want watch watchlist
    week weeks were what when where which while will with worth would year years yesterday your
    average averages bars best biggest both card cards cash cost costs data delayed event events
    exposure fresh going good holding holidays income losing loss losses market markets mistakes
    moves name real recent source stale today's update weak weaker winners losers working worst
    been being able bear bearish bull bullish calendar charts chart coming correlated crossed
    daily hourly weekly fast hedge hedged just lots more only other overnight please quality
    quickly really right same side still such summary sure take takes thing things time turn
    turnover used using well whole within without""".split()
)


def candidates(question: str) -> list[str]:
    """The words that may name an instrument, the surest first: `$W`, capitals, names."""
    tokens = [found[0].strip(".") for found in _TOKEN.finditer(question)]
    marked = [each[1:].upper() for each in tokens if each.startswith("$")]
    capitals = [each for each in tokens if _is_symbol(each)]
    names = [
        each
        for each in tokens
        if len(each) >= 3
        and not each.startswith("$")
        and each not in capitals
        and each.lower() not in _COMMON
        and each.lower().removesuffix("'s") not in _COMMON
        and each.upper() not in _NO_SYMBOL
    ]
    return list(dict.fromkeys((*marked, *capitals, *names)))[:_MOST]


def unmistakable(question: str) -> list[str]:
    """The words that can only be symbols: `$W`, and capitals among other letters."""
    if question.isupper():
        return []
    tokens = [found[0].strip(".") for found in _TOKEN.finditer(question)]
    found = [each for each in tokens if each.startswith("$") or _is_symbol(each)]
    return list(dict.fromkeys(each.removeprefix("$").upper() for each in found))[:_MOST]


def meant(text: str, found: object) -> str:
    """The symbol a word means among what a search found, "" where it is none of them."""
    if not isinstance(found, tuple):
        return ""
    wanted = text.upper()
    for each in found:
        if isinstance(each, Instrument) and _bare(each.symbol) & {wanted}:
            return each.symbol
    if len(text) < 3 or (text.isupper() and len(text) < 4):
        return ""
    for each in found:
        if isinstance(each, Instrument) and wanted in each.name.upper().split():
            return each.symbol
    return ""


def _is_symbol(token: str) -> bool:
    if token.startswith("$") or token.upper() in _NO_SYMBOL or len(token) < 2:
        return False
    letters = [each for each in token if each.isalpha()]
    return all(each.isupper() for each in letters) and bool(letters)


def _bare(symbol: str) -> set[str]:
    """A symbol as people write it: whole, without its market's mark, without its currency."""
    rest = symbol.rpartition(":")[2]
    return {symbol.upper(), rest.upper(), rest.partition("-")[0].upper()}
