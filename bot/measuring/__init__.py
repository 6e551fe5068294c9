"""Score answers against gold data."""
