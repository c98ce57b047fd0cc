"""Credentials of sources: kept in the system's keyring, the environment or a private file."""
