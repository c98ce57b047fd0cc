"""How the risk of a portfolio, stresses and limits are read from options, and print."""

from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation

import msgspec

from tio.api.clean import clean
from tio.api.errors import Invalid
from tio.api.limits import RiskLimits, SaveRiskLimits
from tio.api.portfolio_risk import RiskReport
from tio.api.stress import StressPortfolio, StressResult
from tio.api.stress_text import shocks_in
from tio.commands.printing import print_csv, print_table, say
from tio.draw import risk_words
from tio.draw.amounts import money

_NONE = frozenset({"none", "off", "no"})
_RIGHT = frozenset(
    {
        *("DAYS", "SURE", "VAR%", "VAR", "SHORTFALL%", "SHORTFALL", "WEIGHT", "PART%", "PART"),
        *("OF ALL", "NET", "NET%", "SHORT", "NOW", "LIMIT", "CHANGE", "CHANGE%", "VALUE"),
    }
)


def stress_request(
    portfolio: str, shocks: Sequence[str], window: str, benchmark: str
) -> StressPortfolio:
    """The word the options mean; Invalid."""
    return StressPortfolio(portfolio, shocks_in(shocks), window, benchmark)


def limits_request(texts: dict[str, str]) -> SaveRiskLimits | None:
    """The change the options mean, `none` taking a limit away; None when they are all empty."""
    told = {kind: _limit(kind, text) for kind, text in texts.items() if text}
    return msgspec.convert(told, SaveRiskLimits) if told else None


def print_report(found: RiskReport, *, csv: bool) -> None:
    """The report in sections; as CSV one line a figure."""
    if csv:
        print_csv(("section", "name", "figure", "value"), _figures(found))
        return
    print(f"{found.portfolio}  {risk_words.summary(found)}")
    for title, lines in (
        ("CLASS", found.classes),
        ("CURRENCY", found.currencies),
        ("SECTOR", found.sectors),
    ):
        if lines:
            print()
            rows = [risk_words.exposure_row(line, found) for line in lines]
            print_table((title, "NET", "NET%", "SHORT"), rows, _RIGHT)
    if found.tails:
        _print_tails(found)
    if found.parts:
        print()
        rows_ = [risk_words.part_row(part, found) for part in found.parts]
        print_table(("SYMBOL", "WEIGHT", "PART%", "PART", "OF ALL"), rows_, _RIGHT)
    print()
    print_states(found)
    if told := risk_words.beta_told(found):
        print(told)
    for out in found.sample.left_out:
        say(f"{out.symbol} is left out, {out.share:.1%} of gross: {out.reason}")
    for note in found.notes:
        say(note)


def _print_tails(found: RiskReport) -> None:
    print(f"\nof today's holdings over {risk_words.sampled(found)}")
    header = ("DAYS", "SURE", "METHOD", "VAR%", "VAR", "SHORTFALL%", "SHORTFALL")
    print_table(header, [risk_words.tail_row(each, found) for each in found.tails], _RIGHT)
    for note in dict.fromkeys(each.note for each in found.tails if each.note):
        say(note)
    print()
    rows = [(risk_words.tested_title(t), risk_words.tested(t)) for t in found.backtests]
    print_table(("1 DAY", "BACK-TEST"), rows)


def print_states(found: RiskReport) -> None:
    """Where each limit stands."""
    rows = [risk_words.limit_row(each) for each in found.limits]
    print_table(("LIMIT OF", "NOW", "LIMIT", "STATE", ""), rows, _RIGHT)


def print_limits(found: RiskLimits, *, csv: bool) -> None:
    """The limits alone, where no portfolio is there to be held against them."""
    names = found.__struct_fields__
    if csv:
        print_csv(names, [[getattr(found, name) for name in names]])
        return
    rows = [(name.replace("_", " "), _told(getattr(found, name))) for name in names]
    print_table(("LIMIT OF", "LIMIT"), rows, _RIGHT)


def print_stress(found: StressResult, *, csv: bool) -> None:
    """What each position gains or loses, and all together."""
    if csv:
        header = ("symbol", "value", "loss", "change", "proxied", "note")
        print_csv(header, [[getattr(line, name) for name in header] for line in found.lines])
        return
    rows = [
        (
            line.symbol,
            money(line.value),
            money(None if line.loss is None else -line.loss, sign=True),
            risk_words.share(line.change, 1, sign=True),
            line.note,
        )
        for line in found.lines
    ]
    print(found.title)
    print_table(("SYMBOL", "VALUE", "CHANGE", "CHANGE%", ""), rows, _RIGHT)
    _, change, part, worst, caveat = risk_words.stress_row(found, "")
    print(f"all together {change}, {part} of net value")
    if worst != risk_words.NONE:
        print(f"worst on the way {worst}")
    for note in (caveat, *found.notes):
        if note:
            say(note)


def print_windows(found: Sequence[StressResult], *, csv: bool) -> None:
    """One line a window."""
    if csv:
        header = ("window", "title", "loss", "share", "worst", "worst_day", "proxied_share")
        print_csv(header, [[getattr(told, name) for name in header] for told in found])
        return
    titles = ("WINDOW", "WHAT IT WAS", "CHANGE", "CHANGE%", "WORST ON THE WAY", "")
    rows = [(told.window, *risk_words.stress_row(told, "")) for told in found]
    print_table(titles, rows, _RIGHT)
    for note in dict.fromkeys(note for told in found for note in told.notes):
        of = [told.window for told in found if note in told.notes]
        say(note if len(of) == len(found) else f"{', '.join(of)}: {note}")


def _figures(found: RiskReport) -> Iterable[tuple[object, object, object, object]]:
    """Every figure of a report, its section first."""
    for name in ("net", "capital", "gross", "long", "short", "cash", "day_change", "beta"):
        yield "portfolio", found.portfolio, name, getattr(found, name)
    spread = found.concentration
    if spread is not None:
        yield "portfolio", found.portfolio, "herfindahl", spread.herfindahl
        yield "portfolio", found.portfolio, "effective", spread.effective
    for section in ("classes", "currencies", "sectors"):
        for line in getattr(found, section):
            for name in ("long", "short", "gross", "net"):
                yield section, line.key, name, getattr(line, name)
    for tail in found.tails:
        name = f"{tail.method} {tail.confidence} {tail.days}d"
        yield "tails", name, "value_at_risk", tail.value_at_risk
        yield "tails", name, "expected_shortfall", tail.expected_shortfall
    for test in found.backtests:
        if test.test is not None:
            name = f"{test.method} {test.confidence}"
            for figure in ("exceedances", "days", "expected", "p_value"):
                yield "backtests", name, figure, getattr(test.test, figure)
    for part in found.parts:
        for figure in ("weight", "marginal", "component"):
            yield "parts", part.symbol, figure, getattr(part, figure)
    for state in found.limits:
        for figure in ("value", "limit", "level"):
            yield "limits", str(state.kind), figure, getattr(state, figure)


def _limit(kind: str, text: str) -> Decimal | None:
    if text.lower() in _NONE:
        return None
    try:
        return Decimal(text.removesuffix("%"))
    except InvalidOperation:
        name = kind.replace("_", " ")
        raise Invalid(
            f"a limit of {name} is a percentage, was {clean(text)[:40]!r}", "as 25, or none"
        ) from None


def _told(limit: Decimal | None) -> str:
    return "none" if limit is None else f"{limit:f}%"
