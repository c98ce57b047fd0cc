"""Hidden is what is one's own: amounts and quantities, not prices, weights or counts."""

import re

from analyst_answers import owned
from report_scene import app_on, engine
from waiting import at_rest, seen, until

from tio.api.analyst import Brief, Depth, ReviewJournal, ReviewPortfolio, ReviewRisk
from tio.api.report_text import report_markdown
from tio.screens.report_discreet import discreet

MONEY = re.compile(r"[\d\u2009,.]+ (?:USD|EUR)")


async def test_no_amount_of_money_is_left_in_a_review() -> None:
    for word in (ReviewPortfolio("main"), ReviewRisk("main"), ReviewJournal("main")):
        report = await owned().report(word)
        assert MONEY.search(report_markdown(report))
        told = report_markdown(discreet(report))
        assert not MONEY.search(told), MONEY.search(told)
        assert "•••" in told


async def test_what_is_not_ones_own_stays() -> None:
    report = await owned().report(ReviewPortfolio("main"))
    told = report_markdown(discreet(report))
    assert "BTC-USD        •••      28.1      •••        •••   +25.4" in told
    assert "main is worth ••• USD, today ••• (+0.40 %); BTC-USD moved it most (•••)" in told
    assert "AAPL: no stop for ••• of •••, worth ••• USD." in told
    brief = report_markdown(discreet(await owned().report(Brief("AAA", Depth.full))))
    assert "sell ••• stop at 180 is open" in brief
    assert "Prior day high 88.47, 0.8 ATR above the price." in brief


async def test_a_table_keeps_its_columns() -> None:
    report = await owned().report(ReviewPortfolio("main"))
    before, after = (
        [told.text for part in each.sections if part.aligned for told in part.lines]
        for each in (report, discreet(report))
    )
    assert [len(text) for text in before] == [len(text) for text in after]


async def test_z_hides_and_shows_again() -> None:
    async with app_on(await engine(), "REVIEW").run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "not advice" in seen(pilot))
        assert "22\u2009473.67" in await at_rest(pilot)
        await pilot.press("z")
        await until(pilot, lambda: "•••" in seen(pilot))
        assert "473.67" not in await at_rest(pilot)
        await pilot.press("z")
        await until(pilot, lambda: "22\u2009473.67" in seen(pilot))
