"""Answers in Yahoo's shapes, as tests need them."""

import json
from typing import Any

Row = tuple[float, float | None, float | None, float | None, float | None, float | None]

AAPL: dict[str, Any] = {
    "currency": "USD",
    "exchangeName": "NMS",
    "fullExchangeName": "NasdaqGS",
    "instrumentType": "EQUITY",
    "regularMarketTime": 1_739_998_801,
    "exchangeTimezoneName": "America/New_York",
    "regularMarketPrice": 244.87,
    "regularMarketDayHigh": 246.01,
    "regularMarketDayLow": 243.16,
    "regularMarketVolume": 32_129_951,
    "longName": "Apple Inc.",
    "chartPreviousClose": 244.47,
    "priceHint": 2,
    "dataGranularity": "1d",
    "range": "1d",
}


def quote(symbol: str, price: float, **more: object) -> dict[str, Any]:
    """A quote of v7, of a US stock unless told otherwise."""
    return {
        "symbol": symbol,
        "quoteType": "EQUITY",
        "exchange": "NMS",
        "currency": "USD",
        "exchangeDataDelayedBy": 0,
        "quoteSourceName": "Nasdaq Real Time Price",
        "marketState": "CLOSED",
        "regularMarketPrice": price,
        "regularMarketTime": 1_739_566_800,
        **more,
    }


def chart(symbol: str, *rows: Row, happened: object = None, **meta: object) -> str:
    """A chart of v8 with rows (epoch, open, high, low, close, volume), of Apple unless told."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * 6
    result: dict[str, Any] = {
        "meta": {**AAPL, "symbol": symbol, **meta},
        "indicators": {
            "quote": [
                dict(zip(("open", "high", "low", "close", "volume"), columns[1:], strict=True))
            ]
        },
    }
    if rows:
        result["timestamp"] = columns[0]
    if happened is not None:
        result["events"] = happened
    return json.dumps({"chart": {"result": [result], "error": None}})
