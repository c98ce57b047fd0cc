"""The trade journal: what the ledger's lots come to as trades, and what those prove."""
