"""How quotes print."""

from collections.abc import Sequence

from tio.api.contract import Item
from tio.api.market import Delay, Quote
from tio.commands.printing import print_csv, print_json, print_table
from tio.draw import table

COLUMNS = ("SYMBOL", "LAST", "", "CHG%", "BID", "ASK", "VOLUME", "AS OF", "SOURCE", "MARKS")


def print_quotes(quotes: Sequence[Quote], *, json: bool = False, csv: bool = False) -> None:
    """Quotes as a table, as one JSON document or as CSV with every field."""
    if json:
        print_json(quotes)
    elif csv:
        fields = Quote.__struct_fields__
        print_csv(fields, [[_cell(getattr(quote, field)) for field in fields] for quote in quotes])
    else:
        print_table(COLUMNS, [row(quote) for quote in quotes])


def print_item(item: Item[tuple[Quote, ...]]) -> None:
    """One JSON line an item, at once even into a pipe."""
    from tio.api.codec import encode

    print(encode(item).decode(), flush=True)


def print_changes(item: Item[tuple[Quote, ...]]) -> None:
    """One line a changed quote."""
    for quote in item.value:
        cells = dict(zip(COLUMNS, row(quote), strict=True))
        change = f"{cells['']} {cells['CHG%']:>7}"
        print(
            f"{cells['AS OF']:<12} {cells['SYMBOL']:<14} {cells['LAST']:>14} {change} "
            f"{cells['BID']:>12} {cells['ASK']:>12}  {cells['MARKS']}".rstrip(),
            flush=True,
        )


def row(quote: Quote) -> list[str]:
    """The cells of one quote under `COLUMNS`."""
    decimals = 2 if quote.price_decimals is None else quote.price_decimals
    return [
        quote.symbol,
        table.price(quote.last, decimals),
        table.arrow(quote.change),
        table.signed(quote.change_percent),
        table.price(quote.bid, decimals),
        table.price(quote.ask, decimals),
        table.volume(quote.volume),
        quote.as_of.strftime("%H:%M:%SZ") if quote.as_of else table.MISSING,
        quote.source,
        marks(quote),
    ]


def marks(quote: Quote) -> str:
    """What a person must know of a quote: SIM, D15, EOD, REF, STALE and how long, its flags."""
    said = {
        Delay.simulated: "SIM",
        Delay.delayed: f"D{quote.delay_minutes}",
        Delay.end_of_day: "EOD",
        Delay.reference: "REF",
    }
    told = [said[quote.delay]] if quote.delay in said else []
    if quote.stale:
        told.append(f"STALE {table.age(quote.age)}".rstrip())
    return " ".join([*told, *(flag for flag in quote.flags if flag != "stale")])


def _cell(value: object) -> object:
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    isoformat = getattr(value, "isoformat", None)
    return isoformat().replace("+00:00", "Z") if isoformat else value
