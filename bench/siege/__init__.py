"""The real service under attack, and what a family notices of it: ``python -m bench.siege``."""
