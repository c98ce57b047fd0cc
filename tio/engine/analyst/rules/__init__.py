"""The analyst without a model: sentences by thresholds over the engine's own answers."""
