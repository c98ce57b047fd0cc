"""The analyst: models, tools, grounding; and what answers without a model."""
