"""The engine: one folder a capability, each a service that answers its words."""
