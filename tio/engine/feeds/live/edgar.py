"""SEC EDGAR: what US companies are, for who says an e-mail address, as the SEC asks."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import tio
from tio.api.companies import Profile
from tio.api.errors import Misconfigured, NotFound
from tio.api.market import Bars, Instrument, Timeframe
from tio.engine.feeds import edgar
from tio.engine.feeds.http import Budget, Host, Priority
from tio.engine.feeds.live.answering import checked, parsed, reading, tell_nothing
from tio.engine.feeds.live.reach import Reach
from tio.plugin import Outlet, Source, Wanted

NAME = edgar.NAME
FILES = "edgar/files"
BASE = "https://data.sec.gov"
FILES_BASE = "https://www.sec.gov"
BUDGET = Budget(rate=5, burst=5, concurrency=2)
BUDGETS = {NAME: BUDGET, FILES: BUDGET}
"""One limit for all hosts of the SEC: half of the ten a second it allows."""
SHARED = "sec.gov"
ASSETS = edgar.ASSETS
NEEDS_KEY: tuple[str, ...] = ("contact",)
UNOFFICIAL = False
ATTRIBUTION = "SEC EDGAR"

_DAY = 86_400.0


def open_source(reach: Reach) -> Source:
    """The source; Misconfigured when the contact is no e-mail address."""
    return Edgar(reach)


class Edgar:
    """Profiles and filings; the list of tickers is asked for once a day."""

    def __init__(self, reach: Reach) -> None:
        self.traits = edgar.TRAITS
        contact = reach.secret("contact")
        if not edgar.is_contact(contact):
            raise Misconfigured(
                "the SEC asks for an e-mail address of who asks, and the contact is none",
                "tio keys set edgar",
            )
        headers = {"User-Agent": edgar.agent(contact, tio.__version__)}
        shared = SHARED + reach.settings.base_url

        def host(name: str, address: str) -> Host:
            return reach.host(
                name, address, BUDGETS[name], headers=headers, credential=contact, shared=shared
            )

        self._host = host(NAME, BASE)
        self._files = host(FILES, FILES_BASE)
        self._clock = reach.clock
        self._tickers: Mapping[str, edgar.Filer] = {}
        self._listed_at = 0.0

    def instruments(self) -> Sequence[Instrument]:
        """Nothing: the list of tickers does not say what kind each is."""
        return ()

    def spelled(self, symbol: str) -> str | None:
        """`BRK-B` of `BRK.B`; None of what is not traded in the US."""
        return edgar.spelled(symbol)

    async def run(self, wanted: Wanted, out: Outlet) -> None:
        """Refuse what is routed here: the SEC tells no prices."""
        await tell_nothing(wanted, out, "the SEC tells no prices")

    async def history(
        self, symbol: str, timeframe: Timeframe, start: datetime | None, end: datetime, limit: int
    ) -> Bars | None:
        """None: the SEC tells no prices."""
        return None

    async def profile(self, symbol: str) -> Profile | None:
        """The company as the SEC knows it; None of who does not file there."""
        told = await self._submissions(symbol)
        return None if told is None else edgar.profile(told, symbol)

    async def filings(self, symbol: str) -> Sequence[edgar.Filing]:
        """The newest filings of a company, newest first; none of who does not file."""
        told = await self._submissions(symbol)
        return () if told is None else edgar.filings(told)

    async def _submissions(self, symbol: str) -> edgar.Submissions | None:
        ticker = edgar.spelled(symbol)
        filer = None if ticker is None else (await self._filers()).get(ticker)
        if filer is None:
            return None
        try:
            answer = await self._host.get(
                f"/submissions/CIK{filer.cik:010}.json",
                capability="submissions",
                priority=Priority.interactive,
                fresh_for=3_600.0,
                body_error=checked(edgar.refusal, edgar.read_submissions),
            )
        except NotFound:
            return None
        with reading("the SEC"):
            return edgar.read_submissions(answer.body)

    async def _filers(self) -> Mapping[str, edgar.Filer]:
        if not self._tickers or self._clock.monotonic() - self._listed_at >= _DAY:
            answer = await self._files.get(
                "/files/company_tickers.json",
                capability="tickers",
                priority=Priority.interactive,
                body_error=checked(edgar.refusal),
            )
            self._tickers = await parsed("the SEC", edgar.read_tickers, answer.body)
            self._listed_at = self._clock.monotonic()
        return self._tickers
