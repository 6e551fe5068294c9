"""The real service for an hour while all that can fail does, and what came of it: ``python -m bench.soak``."""
