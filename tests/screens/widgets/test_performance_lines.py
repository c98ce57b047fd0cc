from msgspec.structs import replace
from portfolio_scene import GROWTH
from portfolio_scene import PERFORMANCE as TOLD

from tio.api.series import Series
from tio.screens.widgets.lines import Line
from tio.screens.widgets.performance_lines import by_day, curve, performance_rows


def text(lines: list[Line]) -> str:
    return "\n".join("".join(part for part, _ in line) for line in lines)


def test_growth_is_drawn_between_its_extremes_and_dates() -> None:
    lines = curve(TOLD, 80)
    said = text(lines)
    assert "+20.00%" in said.splitlines()[0]
    assert "+0.00%" in said.splitlines()[-2]
    assert said.splitlines()[-1].split() == ["2026-01-05", "2026-02-13"]
    assert any(0x2800 < ord(character) < 0x2900 for character in said)
    assert max(map(len, said.splitlines())) <= 80
    inks = {ink for line in lines for part, ink in line if part.strip()}
    assert inks == {"muted", "accent"}


def test_a_benchmark_is_drawn_beside_in_another_ink() -> None:
    beside = replace(TOLD, benchmark="SPY", benchmark_growth=Series(list(-GROWTH)))
    lines = curve(beside, 80)
    inks = {ink for line in lines for part, ink in line if part.strip()}
    assert {"accent", "blue"} <= inks
    assert "−20.00%" in text(lines)


def test_without_room_or_days_nothing_is_drawn() -> None:
    assert curve(TOLD, 30) == []
    one = replace(TOLD, growth=Series([0.0]))
    assert curve(one, 80) == []


def test_all_is_told_and_fits() -> None:
    for width in (58, 78, 118):
        rows = performance_rows(TOLD, width, hidden=False)
        said = text([line for line, _ in rows])
        for words in ("time-weighted", "+20.00%", "+200.00", "AAPL", "−5.00%", "not yet", "X on 3"):
            assert words in said
        assert max(map(len, said.splitlines())) <= width
        assert all(thing is None for _, thing in rows)


def test_hidden_amounts_leave_the_percentages() -> None:
    said = text([line for line, _ in performance_rows(TOLD, 100, hidden=True)])
    assert "200.00" not in said
    assert "150.00" not in said
    assert "+15.00%" in said


def test_days_are_written_whole() -> None:
    header, first, *rest = by_day(TOLD)
    assert header == ("date", "worth", "flow", "growth", "drawdown")
    assert first == ["2026-01-05", 1000.0, 1000.0, 0.0, 0.0]
    assert len(rest) == 39
    gap = replace(TOLD, nav=Series([None, *list(TOLD.nav)[1:]]))
    assert by_day(gap)[1][1] == ""
