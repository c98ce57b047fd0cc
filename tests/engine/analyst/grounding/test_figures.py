from decimal import Decimal

import pytest

from tio.engine.analyst.grounding.figures import Bound, Form, scan
from tio.engine.analyst.grounding.rounding import reach


@pytest.mark.parametrize(
    ("text", "form", "value", "unit"),
    [
        ("$1,234.50", Form.money, "1234.50", "$"),
        ("1.234,56 €", Form.money, "1234.56", "EUR"),
        ("12,5 %", Form.percent, "12.5", ""),
        ("1,234,567", Form.plain, "1234567", ""),
        ("54.3M", Form.plain, "54300000", ""),
        ("$2.87tn", Form.money, "2870000000000", "$"),
        ("3 Mrd. EUR", Form.money, "3000000000", "EUR"),
        ("25 basis points", Form.percent, "0.25", ""),
        ("0.4 percentage points", Form.percent, "0.4", ""),
        ("29.1x", Form.multiple, "29.1", ""),
        ("USD 187.20", Form.money, "187.20", "USD"),
    ],
)
def test_a_number_is_read_as_it_is_written(text: str, form: Form, value: str, unit: str) -> None:
    (figure,) = scan(f"It is {text} now.")

    assert (figure.form, figure.value, figure.unit) == (form, Decimal(value), unit)
    assert figure.text == text


def test_a_range_shares_its_unit_and_its_dash_is_no_minus() -> None:
    first, second = scan("Between 1.2–1.9 % or so.")

    assert (first.form, first.sign, second.form, second.sign) == (Form.percent, 0, Form.percent, 0)
    low, high = scan("It earned $1.2 to 1.4 million.")
    assert (low.value, high.value) == (Decimal("1200000.0"), Decimal("1400000.0"))


def test_signs_and_bounds_are_read() -> None:
    assert [one.sign for one in scan("−3.1 % and +2.0 % and -$340.20")] == [-1, 1, -1]
    bounds = [one.bound for one in scan("about 190, over 180, under 170, 160")]
    assert bounds == [Bound.about, Bound.over, Bound.under, Bound.exact]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-11-20", "2026-11-20", "2026-11-20"),
        ("20 November 2026", "2026-11-20", "2026-11-20"),
        ("Nov 20, 2026", "2026-11-20", "2026-11-20"),
        ("20.11.2026", "2026-11-20", "2026-11-20"),
        ("Q3 2026", "2026-07-01", "2026-09-30"),
        ("February 2024", "2024-02-01", "2024-02-29"),
        ("Friday 20 November 2026", "2026-11-20", "2026-11-20"),
    ],
)
def test_a_date_is_the_days_it_means(text: str, first: str, last: str) -> None:
    (figure,) = scan(f"It was so in {text}, we think.")

    assert figure.day is not None
    assert tuple(str(day) for day in figure.day.days() or ()) == (first, last)


def test_what_is_written_tells_how_far_it_was_rounded() -> None:
    def span(text: str) -> tuple[str, str]:
        found = reach(scan(text)[0])
        return str(found.low.normalize()), str(found.high.normalize())

    assert span("187.20") == ("187.195", "187.205")
    assert span("187") == ("186.5", "187.5")
    assert span("54.3M") == ("5.425E+7", "5.435E+7")
    assert span("about 190") == ("186.2", "193.8")
    assert span("over 180") == ("179.5", "189")
