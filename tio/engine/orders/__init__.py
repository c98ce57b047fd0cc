"""Orders on paper: a book fed quotes and trades that tells fills, by rules and nothing else."""
