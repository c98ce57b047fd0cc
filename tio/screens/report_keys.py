"""The actions of the Desk's pane of reports: id, keys, title and help of each."""

REPORTS: tuple[tuple[str, ...], ...] = (
    ("reports.up", "up,k", "Up", "the line above"),
    ("reports.down", "down,j", "Down", "the line below"),
    ("reports.page_up", "pageup", "Page up", "a page up"),
    ("reports.page_down", "pagedown", "Page down", "a page down"),
    ("reports.first", "home", "First", "the newest report"),
    ("reports.last", "end", "Last", "the last line"),
    ("reports.open", "enter,right,l", "Open", "the report, or the chat with the analyst"),
    ("reports.mark", "m", "Mark", "the report was read, or it was not"),
    ("reports.delete", "delete", "Delete", "take the report away for good"),
    ("reports.discreet", "z", "Discreet", "hide amounts, or show them"),
)
