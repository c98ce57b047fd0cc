"""Sources of market data: their parsers, recordings, replays and the simulator."""
