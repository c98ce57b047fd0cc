"""Columns travel as JSON lists and read as arrays without a copy."""

import math
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tio.api.codec import decode, encode
from tio.api.series import Series, Times, instant, moment


@given(st.lists(st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False))))
def test_series_survives_the_wire(values: list[float | None]) -> None:
    series = Series(values)
    assert decode(encode(series), Series) == series


@given(st.lists(st.datetimes(timezones=st.just(UTC))))
def test_times_survive_the_wire(moments: list[datetime]) -> None:
    times = Times(instant(at) for at in moments)
    assert decode(encode(times), Times) == times
    assert [moment(item) for item in times] == moments


def test_nan_and_infinity_are_null() -> None:
    assert encode(Series([1.5, math.nan, math.inf])) == b"[1.5,null,null]"


def test_array_shares_the_series_memory() -> None:
    series = Series([1.0, 2.0])
    assert np.asarray(series).tolist() == [1.0, 2.0]
    assert not np.asarray(series).flags.owndata


def test_empty_series_is_an_empty_array() -> None:
    assert np.asarray(Series()).shape == (0,)
    assert np.asarray(Times()).dtype == np.int64


def test_wrapped_array_equals_listed_values() -> None:
    assert Series.wrap(np.array([1.0, np.nan])) == Series([1.0, None])


@pytest.mark.parametrize("text", [b'["2026-01-01T00:00:00"]', b'["x"]', b"[1]", b"{}"])
def test_time_without_zone_or_sense_is_refused(text: bytes) -> None:
    import msgspec

    with pytest.raises(msgspec.ValidationError):
        decode(text, Times)


@pytest.mark.parametrize("text", [b'["1"]', b"[true]", b"3"])
def test_column_of_anything_but_numbers_is_refused(text: bytes) -> None:
    import msgspec

    with pytest.raises(msgspec.ValidationError):
        decode(text, Series)
