"""When exchanges trade: a shipped table of their hours and holidays, and what is asked of it."""
