"""The arithmetic of risk: pure functions over arrays and decimals."""
