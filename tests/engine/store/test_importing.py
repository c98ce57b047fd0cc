import gzip
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from math import isnan
from pathlib import Path

import pytest

from tio.api.errors import Invalid, NotFound
from tio.api.market import Adjustment, Delay, Timeframe
from tio.engine.store.bars import BarStore
from tio.engine.store.database import Database, Durability
from tio.engine.store.importing import Reading, import_bars, read_bars
from tio.engine.store.market_schema import STEPS

D1, M1, H1 = Timeframe.d1, Timeframe.m1, Timeframe.h1
HEAD = "Date,Open,High,Low,Close,Volume\n"
TWO = "2024-01-02,1,3,0.5,2,10\n2024-01-03,2,4,1.5,3,20\n"


def written(folder: Path, text: str, name: str = "bars.csv") -> Path:
    file = folder / name
    file.write_bytes(text.encode())
    return file


def daily(folder: Path, text: str) -> Reading:
    return read_bars(written(folder, text), "X", D1)


def days(reading: Reading) -> list[str]:
    return [f"{datetime.fromtimestamp(at / 1e6, UTC):%Y-%m-%d}" for at in reading.columns.time]


def moments(reading: Reading) -> list[str]:
    return [f"{datetime.fromtimestamp(at / 1e6, UTC):%m-%dT%H:%M}" for at in reading.columns.time]


@pytest.mark.parametrize(
    "text",
    [
        HEAD + TWO,
        "\ufeff" + HEAD + TWO,
        "# from somewhere\n\nhttps://example.org,,\n" + HEAD + TWO,
        HEAD.upper() + TWO,
        (HEAD + TWO).replace(",", ";"),
        (HEAD + TWO).replace(",", "\t"),
        (HEAD + TWO).replace(",", "|"),
        (HEAD + TWO).replace("\n", "\r\n"),
        (HEAD + TWO).replace(",", ";").replace(".", ","),
        (
            '"Date","Open","High","Low","Close","Volume"\n"2024-01-02","1","3","0.5","2","10"\n'
            '"2024-01-03","2","4","1.5","3","20"'
        ),
        "Volume,Close,Low,High,Open,Date\n10,2,0.5,3,1,2024-01-02\n20,3,1.5,4,2,2024-01-03",
        "day,o,h,l,c,vol\n20240102,1,3,0.5,2,10\n20240103,2,4,1.5,3,20\n",
        (
            "Date,Open,High,Low,Close,Adj Close,Volume\n"
            "2024-01-02,1,3,0.5,2,1.9,10\n2024-01-03,2,4,1.5,3,2.9,20\n"
        ),
        (
            "Date,Close/Last,Volume,Open,High,Low\n"
            "01/13/2024,$3,20,$2,$4,$1.5\n01/12/2024,$2,10,$1,$3,$0.5\n"
        ),
        "time,open,high,low,close,Volume\n1704153600,1,3,0.5,2,10\n1704240000,2,4,1.5,3,20\n",
        "time,open,high,low,close,Volume\n1704153600000,1,3,.5,2,10\n1704240000000,2,4,1.5,3,20\n",
        (
            "timestamp,open,high,low,close,volume\n"
            "1704153600000000,1,3,0.5,2,10\n1704240000000000,2,4,1.5,3,20\n"
        ),
        (
            "ts,open,high,low,close,volume\n"
            "1704153600000000000,1,3,0.5,2,10\n1704240000000000000,2,4,1.5,3,20\n"
        ),
    ],
)
def test_any_common_shape_reads_alike(tmp_path: Path, text: str) -> None:
    reading = daily(tmp_path, text)
    assert [row[1:] for row in reading.columns.rows()] == [
        (1.0, 3.0, 0.5, 2.0, 10.0),
        (2.0, 4.0, 1.5, 3.0, 20.0),
    ]
    assert days(reading) in (["2024-01-02", "2024-01-03"], ["2024-01-12", "2024-01-13"])
    assert reading.rejected == ()


def test_thousands_and_decimal_commas_are_told_apart(tmp_path: Path) -> None:
    english = HEAD + '2024-01-02,"1,234.5","1,240","1,200","1,239.25","1,000,000"\n'
    german = "Datum;x\nDate;Open;High;Low;Close;Volume\n"
    german += "02.01.2024;1.234,5;1.240;1.200;1.239,25;1.000.000\n"
    swiss = HEAD + "2024-01-02,1'234.5,1'240,1'200,1'239.25,1M\n"
    for text in (english, german, swiss):
        (row,) = daily(tmp_path, text).columns.rows()
        assert row[1:] == (1234.5, 1240.0, 1200.0, 1239.25, 1_000_000.0)


def test_every_bad_row_is_told_with_its_line_and_the_good_are_kept(tmp_path: Path) -> None:
    rows = [
        "2024-01-02,1,3,0.5,2,10",
        "2024-01-03,x,3,0.5,2,10",
        "2024-01-04,1,3,0.5,,10",
        "2024-01-05,1,0.4,0.5,1,10",
        "2024-01-06,5,3,0.5,2,10",
        "2024-01-07,-1,3,-2,2,10",
        "2024-01-08,1,3,0.5,2,-10",
        "2024-13-01,1,3,0.5,2,10",
        "2024-01-09,1,3",
        "2024-01-10,1,3,0.5,2,10,7,8",
        ",,,,,",
        "2024-01-02,1,3,0.5,2,10",
        "2024-01-02,1,3,0.5,2.5,10",
        "2024-01-11,1,3,0.5,inf,10",
        "2024-01-12,1,3,0.5,2,lots",
        "2024-01-13,\x1b[2Jbad,3,0.5,2,10",
        "2024-01-14,1,3,0.5,2,",
    ]
    reading = daily(tmp_path, HEAD + "\n".join(rows) + "\n")
    assert days(reading) == ["2024-01-02", "2024-01-14"]
    assert isnan(reading.columns.volume[1])
    assert {row.line: row.reason for row in reading.rejected} == {
        3: "open is no number: 'x'",
        4: "close is empty",
        5: "high is below low",
        6: "open or close lies outside low and high",
        7: "open is not above zero",
        8: "the volume is negative",
        9: "the time cannot be read: '2024-13-01'",
        10: "3 fields where the header has 6",
        11: "8 fields where the header has 6",
        12: "the row is empty",
        13: "the same as line 2",
        14: "another bar of the time of line 2",
        15: "close is no number: 'inf'",
        16: "volume is no number: 'lots'",
        17: "open is no number: '[2Jbad'",
    }
    assert "\x1b" not in reading.rejected[-1].text + reading.rejected[-1].reason


def test_newest_first_becomes_oldest_first(tmp_path: Path) -> None:
    reading = daily(tmp_path, HEAD + "".join(reversed(TWO.splitlines(keepends=True))))
    assert days(reading) == ["2024-01-02", "2024-01-03"]


@pytest.mark.parametrize(
    ("dates", "first"),
    [
        (["01/12/2024", "01/13/2024"], "2024-01-12"),
        (["12/01/2024", "13/01/2024"], "2024-01-12"),
        (["01/02/2024", "01/03/2024", "01/04/2024"], "2024-01-02"),
        (["02/01/2024", "03/01/2024", "04/01/2024"], "2024-01-02"),
        (["02.01.2024", "03.01.2024"], "2024-01-02"),
        (["Jan 2, 2024", "Jan 3, 2024"], "2024-01-02"),
        (["2-Jan-2024", "3-Jan-2024"], "2024-01-02"),
        (["2024.01.02", "2024.01.03"], "2024-01-02"),
        (["1/2/24", "1/13/24"], "2024-01-02"),
    ],
)
def test_dates_are_read_by_the_column_as_a_whole(
    tmp_path: Path, dates: list[str], first: str
) -> None:
    rows = "".join(f'"{date}",1,3,0.5,2,10\n' for date in dates)
    assert days(daily(tmp_path, HEAD + rows))[0] == first


@pytest.mark.parametrize("dates", [["01/02/2024", "02/02/2024"], ["13/02/2024", "02/13/2024"]])
def test_ambiguous_dates_are_refused_in_words(tmp_path: Path, dates: list[str]) -> None:
    rows = "".join(f"{date},1,3,0.5,2,10\n" for date in dates)
    with pytest.raises(Invalid, match="day first") as refused:
        daily(tmp_path, HEAD + rows)
    assert "YYYY-MM-DD" in refused.value.next


def test_local_times_need_a_zone_and_become_utc(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "Date,Time,Open,High,Low,Close\n"
        "2024-01-02,9:30,1,3,0.5,2\n2024-01-02,10:30 AM,1,3,0.5,2\n2024-07-02,14:30:00,1,3,0.5,2\n",
    )
    with pytest.raises(Invalid, match=r"bars\.csv does not say its time zone$") as refused:
        read_bars(file, "X", H1)
    assert "--tz" in refused.value.next
    assert moments(read_bars(file, "X", H1, "America/New_York")) == [
        "01-02T14:30",
        "01-02T15:30",
        "07-02T18:30",
    ]
    with pytest.raises(Invalid, match="no time zone 'Mars/Base'"):
        read_bars(file, "X", H1, "Mars/Base")


def test_all_that_is_missing_is_named_at_once(tmp_path: Path) -> None:
    file = written(tmp_path, HEAD + "2024-01-02 09:30,1,3,0.5,2,10\n")
    with pytest.raises(Invalid) as refused:
        read_bars(file)
    assert refused.value.message == "bars.csv does not say its symbol, time zone and timeframe"
    for option in ("--symbol", "--tz", "--timeframe"):
        assert option in refused.value.next
    assert refused.value.exit_code == 2


def test_an_offset_or_unix_time_needs_no_zone(tmp_path: Path) -> None:
    for times in (
        ("2024-01-02T09:30:00-05:00", "2024-01-02T14:31:00Z"),
        ("1704205800", "1704205860"),
    ):
        rows = "".join(f"{time},1,3,0.5,2,10\n" for time in times)
        assert moments(read_bars(written(tmp_path, HEAD + rows), "X", M1)) == [
            "01-02T14:30",
            "01-02T14:31",
        ]


@pytest.mark.parametrize("newest_first", [False, True])
def test_a_skipped_hour_is_rejected_and_a_repeated_one_told_apart(
    tmp_path: Path, newest_first: bool
) -> None:
    times = ["2024-03-10 01:30", "2024-03-10 02:30", "2024-03-10 03:30", "2024-11-03 00:30"]
    times += ["2024-11-03 01:00", "2024-11-03 01:30", "2024-11-03 01:00", "2024-11-03 01:30"]
    times += ["2024-11-03 02:00"]
    rows = [f"{time},1,3,0.5,2,10\n" for time in times]
    rows = rows[::-1] if newest_first else rows
    file = written(tmp_path, HEAD + "".join(rows))
    reading = read_bars(file, "X", Timeframe.m30, "America/New_York")
    assert moments(reading) == [
        "03-10T06:30",
        "03-10T07:30",
        "11-03T04:30",
        "11-03T05:00",
        "11-03T05:30",
        "11-03T06:00",
        "11-03T06:30",
        "11-03T07:00",
    ]
    (skipped,) = reading.rejected
    assert skipped.reason == "the clock of America/New_York skipped this time"
    assert "02:30" in skipped.text


def test_weeks_begin_on_monday_and_months_on_the_first(tmp_path: Path) -> None:
    weeks = HEAD + "".join(
        f"{day},1,3,0.5,2,1\n" for day in ("2024-01-05", "2024-01-12", "2024-01-19")
    )
    months = HEAD + "".join(
        f"{day},1,3,0.5,2,1\n" for day in ("2024-01-31", "2024-02-29", "2024-03-31")
    )
    assert days(read_bars(written(tmp_path, weeks), "X", Timeframe.w1))[0] == "2024-01-01"
    assert days(read_bars(written(tmp_path, months), "X", Timeframe.mo1))[1] == "2024-02-01"


@pytest.mark.parametrize(
    ("timeframe", "step"), [(H1, 60), (M1, 86_400), (D1, 3_600), (Timeframe.w1, 86_400)]
)
def test_an_impossible_timeframe_is_refused(
    tmp_path: Path, timeframe: Timeframe, step: int
) -> None:
    rows = "".join(f"{1_704_067_200 + n * step},1,3,0.5,2,10\n" for n in range(100))
    with pytest.raises(Invalid, match=f"cannot be {timeframe} bars"):
        read_bars(written(tmp_path, HEAD + rows), "X", timeframe)


STOOQ = "<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>\n"


def test_stooq_minutes_say_their_span_but_not_their_zone(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        STOOQ
        + "BRK-B.US,5,20240102,093000,1,3,0.5,2,10,0\nBRK-B.US,5,20240102,93500,1,3,0.5,2,10,0\n",
    )
    reading = read_bars(file, zone="America/New_York")
    assert (reading.symbol, reading.timeframe, reading.format) == ("BRK.B", Timeframe.m5, "stooq")
    assert (reading.terms.adjusted, reading.terms.delay) == (Adjustment.total, Delay.end_of_day)
    assert moments(reading) == ["01-02T14:30", "01-02T14:35"]
    with pytest.raises(Invalid, match="time zone"):
        read_bars(file)
    with pytest.raises(Invalid, match="holds 5m bars, not 1h"):
        read_bars(file, timeframe=H1, zone="UTC")


def test_of_several_symbols_one_is_chosen(tmp_path: Path) -> None:
    rows = "".join(
        f"{ticker},D,2024010{day},000000,{day},9,0.5,2,10,0\n"
        for day in (2, 3)
        for ticker in ("AAPL.US", "IBM.US")
    )
    file = written(tmp_path, STOOQ + rows)
    with pytest.raises(Invalid, match=r"holds 2 symbols: AAPL\.US, IBM\.US"):
        read_bars(file)
    with pytest.raises(Invalid, match="none of them MSFT"):
        read_bars(file, "MSFT")
    reading = read_bars(file, "IBM")
    assert (reading.symbol, len(reading.columns), reading.rejected) == ("IBM", 2, ())


def test_leans_own_files_are_scaled_and_dated_by_their_name(tmp_path: Path) -> None:
    folder = tmp_path / "equity" / "usa" / "minute" / "aapl"
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / "20131007_trade.zip", "w") as archive:
        archive.writestr(
            "20131007_aapl_minute_trade.csv",
            "34200000,4865000,4870000,4860000,4869900,1000\n"
            "34260000,4869900,4880000,4869900,4875000,500\n",
        )
    reading = read_bars(folder / "20131007_trade.zip", zone="America/New_York")
    assert (reading.symbol, reading.timeframe, reading.format) == ("AAPL", M1, "lean")
    assert moments(reading) == ["10-07T13:30", "10-07T13:31"]
    assert reading.columns.close.tolist() == [486.99, 487.5]
    daily_folder = tmp_path / "equity" / "usa" / "daily"
    daily_folder.mkdir()
    with zipfile.ZipFile(daily_folder / "ibm.zip", "w") as archive:
        archive.writestr("ibm.csv", "19980102 00:00,1050000,1061250,1043750,1056250,5360800\n")
    reading = read_bars(daily_folder / "ibm.zip")
    assert (reading.symbol, reading.timeframe, days(reading)) == ("IBM", D1, ["1998-01-02"])
    assert reading.columns.high.tolist() == [106.125]


def test_binance_klines_without_a_header_are_known(tmp_path: Path) -> None:
    line = "1704067200000,42283.58,42554.57,42261.02,42475.23,1271.68108,1704070799999,53957248.9,"
    line += "47134,682.5,28957416.8,0\n"
    reading = read_bars(written(tmp_path, line), "BTC-USDT", H1)
    assert list(reading.columns.rows()) == [
        (1_704_067_200_000_000, 42283.58, 42554.57, 42261.02, 42475.23, 1271.68108)
    ]


def test_a_gzip_that_breaks_off_keeps_what_came_before(tmp_path: Path) -> None:
    rows = "".join(
        f"{2000 + n // 300}-{n % 12 + 1:02}-{n % 25 + 1:02},1,{3 + n % 7},0.5,2,{n}\n"
        for n in range(3_000)
    )
    whole = gzip.compress((HEAD + rows).encode())
    file = tmp_path / "cut.csv.gz"
    file.write_bytes(whole[: len(whole) // 2])
    reading = read_bars(file, "X", D1)
    assert len(reading.columns) > 100
    assert "breaks off" in reading.rejected[-1].reason


def test_infinity_is_no_price(tmp_path: Path) -> None:
    reading = daily(tmp_path, HEAD + TWO + "2024-01-04,2,inf,1.5,3,20\n")
    assert (len(reading.columns), reading.rejected[0].reason) == (2, "high is no number: 'inf'")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"\x1f\x8bgarbage", "broken gzip"),
        (b"PK\x03\x04garbage", "broken zip"),
        (bytes(range(256)) * 40, "no header"),
        (b"1,2,3\n4,5,6\n", "no header"),
        (HEAD.encode(), "has a header but no rows"),
        (HEAD.encode() + b"x,y,z\n1,2,3,4,5,6\n", "none of the 2 rows"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(
    tmp_path: Path, content: bytes, words: str
) -> None:
    file = tmp_path / "bars.csv"
    file.write_bytes(content)
    with pytest.raises(Invalid, match=words) as refused:
        read_bars(file, "X", D1)
    assert "\n" not in refused.value.message


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"no file .*nowhere\.csv"):
        read_bars(tmp_path / "nowhere.csv", "X", D1)
    with pytest.raises(Invalid, match="is a folder"):
        read_bars(tmp_path, "X", D1)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[BarStore]:
    database = Database(tmp_path / "market.db", Durability.normal, STEPS)
    await database.open()
    yield BarStore(database)
    await database.close()


async def test_an_import_lands_in_the_store_and_twice_changes_nothing(
    store: BarStore, tmp_path: Path
) -> None:
    file = written(tmp_path, HEAD + TWO + "2024-01-04,x,4,1.5,3,20\n")
    dry = await import_bars(store, file, "X", D1, dry_run=True)
    assert (dry.accepted, dry.rejected, await store.symbols()) == (2, 1, ())
    first = await import_bars(store, file, "X", D1)
    assert (first.accepted, first.replaced, first.rejected) == (2, 0, 1)
    assert first.rejections[0].line == 4
    assert (first.first, first.last) == (
        datetime(2024, 1, 2, tzinfo=UTC),
        datetime(2024, 1, 3, tzinfo=UTC),
    )
    again = await import_bars(store, file, "X", D1)
    assert (again.accepted, again.replaced) == (2, 2)
    assert (await store.read("X", D1)).close.tolist() == [2.0, 3.0]
    (series,) = await store.sources_of("X", D1)
    assert (series.key.source, series.terms.delay) == ("csv", Delay.reference)


def test_a_quote_left_open_costs_one_row_only(tmp_path: Path) -> None:
    reading = daily(tmp_path, HEAD + TWO + '"2024-01-04,1,3,0.5,2,10\n2024-01-05,1,3,0.5,2,10\n')
    assert days(reading) == ["2024-01-02", "2024-01-03", "2024-01-05"]
    assert [row.line for row in reading.rejected] == [4]


def test_a_date_without_its_clock_time_is_no_time(tmp_path: Path) -> None:
    rows = "2024-01-02,10:00,1,3,0.5,2\n2024-01-02,,1,3,0.5,2\n2024-01-02,25:00,1,3,0.5,2\n"
    file = written(tmp_path, "Date,Time,Open,High,Low,Close\n" + rows)
    reading = read_bars(file, "X", M1, "UTC")
    assert moments(reading) == ["01-02T10:00"]
    assert [row.line for row in reading.rejected] == [3, 4]


def test_prices_below_zero_are_kept_of_what_may_have_them(tmp_path: Path) -> None:
    text = "Date,Open,High,Low,Close,Volume\n2020-04-20,17.73,17.85,-40.32,-37.63,247947\n"
    path = written(tmp_path, text)
    oil = read_bars(path, "CL=F", Timeframe.d1)
    assert oil.columns.close.tolist() == [-37.63]
    with pytest.raises(Invalid, match="not above zero"):
        read_bars(path, "AAPL", Timeframe.d1)
