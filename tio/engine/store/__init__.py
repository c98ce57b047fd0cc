"""The store: SQLite files with one writer each, their schemas, bars, and bars read from files."""
