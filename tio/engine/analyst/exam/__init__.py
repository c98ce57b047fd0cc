"""What a person's own model server does with what tio asks of it."""
