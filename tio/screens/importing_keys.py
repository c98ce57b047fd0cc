"""Actions of bringing a file into a ledger: id, keys, title, help."""

Told = tuple[str, str, str, str]

IMPORTING: tuple[Told, ...] = (
    ("portfolio.bring", "i", "Import", "bring in a file of a broker or another program"),
    ("importing.up", "up,k", "Up", "the row above"),
    ("importing.down", "down,j", "Down", "the row below"),
    ("importing.page_up", "pageup", "Page up", "a page up"),
    ("importing.page_down", "pagedown", "Page down", "a page down"),
    ("importing.first", "home", "First", "the first row"),
    ("importing.last", "end", "Last", "the last row"),
    ("importing.bring", "enter", "Import", "enter what is taken, after asking"),
    ("importing.turn", "x", "Take", "take the row or leave it out; again as it was"),
    ("importing.symbol", "s", "Symbol", "which symbol the row's instrument is"),
    ("importing.account", "a", "Account", "the account of rows that name none"),
    ("importing.format", "f", "Format", "read the file as another kind"),
    ("importing.columns", "m", "Columns", "which column of a CSV is what"),
    ("importing.only", "o", "Only", "only rows to look at, or all"),
    ("importing.file", "i", "File", "another file"),
    ("mapping.up", "up,k", "Up", "the line above"),
    ("mapping.down", "down,j", "Down", "the line below"),
    ("mapping.page_up", "pageup", "Page up", "a page up"),
    ("mapping.page_down", "pagedown", "Page down", "a page down"),
    ("mapping.first", "home", "First", "the first line"),
    ("mapping.last", "end", "Last", "the last line"),
    ("mapping.before", "left,h", "Before", "the choice before"),
    ("mapping.after", "right,l", "Next", "the next choice"),
    ("mapping.type", "c", "Type", "type the choice"),
    ("mapping.keep", "w", "Keep", "keep it for files with this header, by a name"),
    ("mapping.done", "enter", "Preview", "see what the file brings so"),
)
