"""Tickers no tool told of: a sentence about one stands on nothing."""

import re
from collections.abc import Iterator

from tio.engine.analyst.grounding.evidence import Evidence
from tio.engine.analyst.grounding.figures import Figure, Form
from tio.engine.analyst.grounding.spelling import CODES
from tio.engine.analyst.grounding.verdicts import Verdict

_TICKER = re.compile(
    r"(?<![\w.&/])(?:\$(?P<cash>[A-Z]{1,6})(?!\w)|(?P<plain>[A-Z]{2,5}(?:[-/=.](?!\d+\b)[A-Z0-9]{1,5})?)(?![\w&]))"
)
ORDINARY = frozenset(
    """A I AI AM PM ET UTC GMT CET EST EDT BST US USA UK EU UN EM DM ECB FED FOMC BOE BOJ SEC IMF
    OPEC GDP CPI PPI PCE PMI NFP ISM ETF ETFS ETN REIT IPO CEO CFO COO CTO M&A R&D EPS PE PEG PB PS
    ROE ROI ROA ROIC EBIT EBITDA EV FCF DCF NAV AUM YTD MTD QTD YOY QOQ MOM TTM LTM FY CY HY QE QT
    RSI SMA EMA WMA HMA MA ATR ADX CCI MFI ROC BB MACD OBV VWAP TWAP VAR ES CVAR TWR IRR XIRR NPV
    OHLC OHLCV HLC OI PNL P&L SL TP OCO GTC IOC FOK DAY MIN MAX AVG STD DEV SD BPS BP PP NA N/A TBD
    OK NO YES NOT AND OR THE IF IS IT ON AT BY TO OF IN AS SO DO GO BE WE UP ALL ANY BUY SELL HOLD
    LONG SHORT CALL PUT NOTE RISK HIGH LOW OPEN CLOSE BID ASK LAST ESG GAAP IFRS TLDR FAQ API CSV
    JSON ISO MIC ISIN CUSIP FX OTC ATH ATL WTI NYSE NASDAQ LSE AMEX CBOE CME XETRA ARCA BATS FTSE
    DAX CAC SMI TOPIX INC CORP LTD PLC AG SE SA NV LLC Q1 Q2 Q3 Q4 H1 H2 II III IV VI VII IX XI BTW
    FYI IMO ADR GDR VIX DXY DJIA SPX NDX RUT AGM EOD EOW EOM DD HODL DCA ML LLM KPI SQL URL USP VS
    HY IG MBS ABS CDS CDO LBO SPAC TL DR EDGAR MIFID KYC AML ATM OTM ITM IV HV RV DTE CET MEZ UTC-5
    HTTP HTTPS WWW NULL NONE TRUE FALSE TIO PRE POST COVID PORT JRNL IDEA FEED CFG CORR ORDERS
    HOURS""".split()
) | {code.upper() for code in CODES}
"""Words in capitals that are no tickers wherever an analyst writes them."""


def strangers(text: str, evidence: Evidence, asked: str) -> list[Verdict]:
    """The tickers of a sentence that neither a tool nor the person told of."""
    return [
        Verdict(figure, why=f"no tool result is about {figure.text.strip('$')}")
        for figure in _tickers(text, evidence, asked)
    ]


def _tickers(text: str, evidence: Evidence, asked: str) -> Iterator[Figure]:
    words = text.split()
    if len(words) > 3 and sum(word.isupper() for word in words) > len(words) / 2:
        return  # shouted, or a table's header
    known = [(m.start(), m.end()) for m in evidence.mentions.finditer(text)]
    for found in _TICKER.finditer(text):
        name = found["cash"] or found["plain"]
        if name in ORDINARY or name in evidence.terms or name.lower() in evidence.names:
            continue
        if any(first <= found.end() and found.start() <= last for first, last in known):
            continue
        if not found["cash"] and (re.search(rf"\b{re.escape(name.lower())}\b", asked)):
            continue
        yield Figure(found.start(), found.end(), found.group(), Form.symbol)
