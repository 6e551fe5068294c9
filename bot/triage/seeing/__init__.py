"""Show what a manager reads in ten seconds, and what nobody has written yet."""
