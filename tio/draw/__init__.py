"""Numbers to terminal cells: candles, lines, volume, sparklines, axes, charts; knows no colour and
no Textual.
"""
