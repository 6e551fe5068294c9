"""What others would run instead of us."""
