"""Turn passages into vectors and terms, and store them as one Build on disk."""
