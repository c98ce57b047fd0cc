"""Actions of a sale out of chosen lots: id, keys, title, help."""

Told = tuple[str, str, str, str]

SALE: tuple[Told, ...] = (
    ("portfolio.sell", "x", "Sell lots", "sell out of chosen lots, the gain shown before"),
    ("sale.up", "up,k", "Up", "the lot above"),
    ("sale.down", "down,j", "Down", "the lot below"),
    ("sale.page_up", "pageup", "Page up", "a page up"),
    ("sale.page_down", "pagedown", "Page down", "a page down"),
    ("sale.first", "home", "First", "the first lot"),
    ("sale.last", "end", "Last", "the last lot"),
    ("sale.less", "left,h,minus", "Less", "take less of the lot"),
    ("sale.more", "right,l,plus", "More", "take more of the lot"),
    ("sale.all", "x", "All", "take all of the lot, or none"),
    ("sale.type", "c", "Type", "type how much of the lot is taken"),
    ("sale.pick", "f", "Pick", "next: FIFO, LIFO, HIFO, long term first, losses only"),
    ("sale.quantity", "n", "Quantity", "how much is sold altogether"),
    ("sale.price", "t", "Price", "at what price"),
    ("sale.sell", "enter", "Sell", "enter the sale, after asking"),
)
