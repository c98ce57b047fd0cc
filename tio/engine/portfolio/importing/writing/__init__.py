"""Writers of a ledger into files other programs read, each a pure function to text."""
