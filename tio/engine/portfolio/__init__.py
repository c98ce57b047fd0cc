"""The ledger, its lots, what they are worth, and how that came about."""
