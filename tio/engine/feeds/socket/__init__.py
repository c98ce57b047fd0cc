"""Manners of listening over WebSockets, once for all sources: reconnect, resubscribe, repair."""

from tio.engine.feeds.socket.shapes import Manners, Phase, StreamState
from tio.engine.feeds.socket.stream import Stream
from tio.engine.feeds.socket.wire import Heard, Kind, Socket

__all__ = ["Heard", "Kind", "Manners", "Phase", "Socket", "Stream", "StreamState"]
