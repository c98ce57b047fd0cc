"""What a person's charts keep and show: drawings, layouts, levels of the session."""
