import pytest

from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.tables import csv_rows, elements, is_page

BOMB = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<lolz>&b;</lolz>"""
OUTSIDE = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>'


@pytest.mark.parametrize("text", [BOMB, OUTSIDE, "<!DOCTYPE x SYSTEM 'http://a/x.dtd'><x/>"])
def test_a_document_that_declares_anything_is_refused_before_it_grows(text: str) -> None:
    with pytest.raises(Garbage, match="document type"):
        elements(text, "the ECB")


@pytest.mark.parametrize("text", ["", "no xml", "<a><b></a>", "<a>&nope;</a>", "<a" * 100])
def test_what_is_no_xml_is_garbage(text: str) -> None:
    with pytest.raises(Garbage, match="the ECB"):
        elements(text, "the ECB")


def test_nesting_is_bounded() -> None:
    with pytest.raises(Garbage, match="too deep"):
        elements("<a>" * 1_000 + "</a>" * 1_000, "the ECB")


def test_an_odd_encoding_is_garbage_and_not_a_fault() -> None:
    with pytest.raises(Garbage):
        elements(b'<?xml version="1.0" encoding="klingon"?><a/>', "the ECB")


def test_elements_come_in_order_with_their_attributes() -> None:
    assert elements('<a x="1"><b/><c y="2"/></a>', "x") == [
        ("a", {"x": "1"}),
        ("b", {}),
        ("c", {"y": "2"}),
    ]


def test_rows_are_read_by_name_quotes_and_mark_and_all() -> None:
    rows = list(csv_rows('\ufeffA, B\r\n1,"x, y"\r\n\r\n2,z\r\n', "x"))
    assert rows == [{"A": "1", "B": "x, y"}, {"A": "2", "B": "z"}]


def test_a_row_of_other_columns_is_garbage() -> None:
    with pytest.raises(Garbage, match="line 2"):
        list(csv_rows("A,B\n1\n", "x"))
    with pytest.raises(Garbage, match="its columns are 'A'"):
        list(csv_rows("A", "x", frozenset({"B"})))
    with pytest.raises(Garbage):
        list(csv_rows("A\n" + '"' + "x" * 200_000 + '"\n', "x"))


def test_pages_are_told_from_data() -> None:
    assert is_page(b"\xef\xbb\xbf <!DOCTYPE html><html></html>")
    assert is_page('<?xml version="1.0"?><html xmlns="x"></html>')
    assert not is_page("Date,Open")
    assert not is_page('<?xml version="1.0"?><observations/>')
