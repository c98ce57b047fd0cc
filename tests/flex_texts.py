"""Invented answers of Interactive Brokers' Flex queries, element by element."""

from broker_rows import read

from tio.engine.portfolio.importing.rows import Row


def flex(*elements: str, section: str = "Trades") -> list[Row]:
    """The rows of one statement; each element is one line, from the third on."""
    body = "\n".join(elements)
    text = (
        '<FlexQueryResponse queryName="q" type="AF"><FlexStatements count="1">\n'
        f'<FlexStatement accountId="U1"><{section}>\n{body}\n</{section}></FlexStatement>'
        "</FlexStatements></FlexQueryResponse>"
    )
    return read(text, "ibkr_flex")


def element(tag: str, **attributes: str) -> str:
    return f"<{tag} " + " ".join(f'{name}="{text}"' for name, text in attributes.items()) + " />"


def trade(**changed: str) -> str:
    attributes = {
        "currency": "USD",
        "assetCategory": "STK",
        "symbol": "AAPL",
        "isin": "US0378331005",
        "tradeID": "",
        "dateTime": "20240103;093001",
        "quantity": "10",
        "tradePrice": "185.5",
        "proceeds": "-1855",
        "taxes": "0",
        "ibCommission": "-1",
        "ibCommissionCurrency": "USD",
        "buySell": "BUY",
        "levelOfDetail": "EXECUTION",
    }
    return element("Trade", **(attributes | changed))


def cash(**changed: str) -> str:
    attributes = {
        "currency": "USD",
        "dateTime": "20240103",
        "amount": "5",
        "type": "Dividends",
        "symbol": "AAPL",
        "description": "AAPL(US0378331005) CASH DIVIDEND USD 0.24 PER SHARE (Ordinary Dividend)",
    }
    return element("CashTransaction", **(attributes | changed))


def action(description: str, quantity: str, **changed: str) -> str:
    attributes = {
        "currency": "USD",
        "assetCategory": "STK",
        "dateTime": "20240103;202500",
        "description": description,
        "quantity": quantity,
        "proceeds": "0",
        "symbol": description.rpartition("(")[2].partition(",")[0],
    }
    return element("CorporateAction", **(attributes | changed))
