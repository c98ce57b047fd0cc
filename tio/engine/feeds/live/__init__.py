"""Sources of real prices, one file each: `open_source(reach)` makes it, nothing asks before."""
