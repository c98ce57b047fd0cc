import sqlite3
from contextlib import closing

from tio.api.market import AssetClass, Instrument
from tio.engine.store.instruments import InstrumentTable
from tio.engine.store.market_schema import STEPS
from tio.engine.store.migrations import migrate

BTC = Instrument(symbol="BTC-USD", asset_class=AssetClass.crypto, price_decimals=2)
AAPL = Instrument(symbol="AAPL", name="Apple", aliases=("AAPL.US",))


def test_instruments_are_listed_by_symbol_replaced_and_spared_a_damaged_row() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, STEPS)
        InstrumentTable.save(connection, [BTC, Instrument(symbol="AAPL"), AAPL])
        assert InstrumentTable.list(connection) == (AAPL, BTC)
        connection.execute("UPDATE instruments SET body = x'7b7b' WHERE symbol = 'AAPL'")
        assert InstrumentTable.list(connection) == (BTC,)
