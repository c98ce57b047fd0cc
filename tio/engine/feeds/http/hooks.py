"""What servers say of their limits in headers: the hooks a source gives to `Web.host`."""

import re
from collections.abc import Callable

from tio.api.errors import SourceUnavailable
from tio.engine.feeds.http.limiter import Limiter
from tio.engine.feeds.http.shapes import Answer

_WEIGHT = re.compile(r"^x-mbx-used-weight-(\d+)([smhd])$")


def used_weight(answer: Answer, limiter: Limiter) -> None:
    """Binance's `X-MBX-USED-WEIGHT-1M` sets what the window named `weight 1m` has used."""
    for name, value in answer.headers.items():
        found = _WEIGHT.match(name)
        if found and value.isdigit():
            limiter.used(f"weight {found[1]}{found[2]}", float(value))


def remaining_of(window: str, header: str, limit: float) -> Callable[[Answer, Limiter], None]:
    """A hook for a header that says what is left of the window of that name and limit."""

    def read(answer: Answer, limiter: Limiter) -> None:
        left = _number(answer.headers.get(header.lower()))
        if left is not None:
            limiter.used(window, limit - left)

    return read


def rate_headers(answer: Answer, limiter: Limiter, now: float) -> None:
    """`x-ratelimit-remaining` and `-reset` (seconds, or a Unix time), which many share."""
    headers = answer.headers
    left = _number(headers.get("x-ratelimit-remaining", headers.get("ratelimit-remaining")))
    if left is None:
        return
    reset = _number(headers.get("x-ratelimit-reset", headers.get("ratelimit-reset")))
    if reset is not None and reset > 1e12:
        reset /= 1_000
    if reset is not None and reset > 1e9:
        reset -= now
    limiter.remaining(left, min(reset, 86_400.0) if reset is not None else None)


def no_page(answer: Answer) -> None:
    """A `body_error` for JSON and CSV: a web page with status 200 is a captcha or a notice."""
    start = answer.body[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<head", b"<?xml")):
        raise SourceUnavailable("a web page came in place of data")


def _number(text: str | None) -> float | None:
    try:
        value = float((text or "").partition(",")[0])
    except ValueError:
        return None
    return value if 0 <= value < 1e300 else None
