"""The engine about itself: health, log, settings, links, plugins."""
