"""What a person sees in the terminal: one file a screen; `widgets/` is what screens share."""
