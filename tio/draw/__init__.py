"""Numbers to terminal cells: candles, lines, volume, sparklines, axes and whole charts."""
