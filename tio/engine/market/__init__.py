"""The live path of a tick: check, board, bars; sessions; what is known of each instrument."""
