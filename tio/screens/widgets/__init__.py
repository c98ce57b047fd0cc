"""Widgets that screens share: the frame's two lines, panes, the table of quotes, the chart."""
