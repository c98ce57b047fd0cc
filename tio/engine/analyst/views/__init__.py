"""Memory of views: each the analyst gives is kept, and scored by daily bars when it is due."""
