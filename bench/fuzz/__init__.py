"""Inputs that nobody would write, put to everything that reads what others wrote: ``python -m bench.fuzz``."""
