"""Example plugins that ship with tio, one file each; none runs until it is enabled by name."""
