"""Plugins: found by name without running them, enabled by a pinned hash, never fatal."""

from tio.engine.plugins.find import Found, find
from tio.engine.plugins.service import PluginService
from tio.engine.plugins.shelf import PluginShelf

__all__ = ["Found", "PluginService", "PluginShelf", "find"]
