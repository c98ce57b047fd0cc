import pytest

from tio.api.errors import Invalid
from tio.engine.feeds.sources import PARSERS, SOURCES, parser_of, source_at


def test_every_source_has_its_parser_under_its_own_name() -> None:
    assert list(PARSERS) == list(SOURCES)
    for name, parser in PARSERS.items():
        assert parser.NAME == parser.TRAITS.name == name


def test_no_address_belongs_to_two_sources() -> None:
    hosts = [host for parser in PARSERS.values() for host in parser.HOSTS]
    assert len(hosts) == len(set(hosts))


@pytest.mark.parametrize(
    ("url", "source"),
    [
        ("wss://ws-feed.pro.coinbase.com", "coinbase"),
        ("wss://WS.kraken.com/v2", "kraken"),
        ("wss://futures.kraken.com/ws/v1", "kraken_futures"),
        ("wss://stream.binance.com:9443/stream?streams=a@trade", "binance"),
        ("wss://ws.bitstamp.net", "bitstamp"),
        ("ws://127.0.0.1:8000/#bitstamp", "bitstamp"),
        ("wss://ws.okx.com:8443/ws/v5/public", "okx"),
        ("wss://fstream.binance.com/stream", "binance_futures"),
        ("wss://kraken.com.evil.test", None),
        ("http://[", None),
        ("", None),
    ],
)
def test_addresses_tell_their_source(url: str, source: str | None) -> None:
    assert source_at(url) == source


def test_unknown_name_is_invalid_with_the_likeliest_meant() -> None:
    assert parser_of("Kraken-Futures").NAME == "kraken_futures"
    with pytest.raises(Invalid, match="no source 'coinbas'") as caught:
        parser_of("coinbas")
    assert caught.value.next == "did you mean coinbase?"
    with pytest.raises(KeyError):
        PARSERS["os"]
