"""The door of the Model Context Protocol: the engine's words as tools of a model."""
