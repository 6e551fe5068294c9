"""Answers and gold data -> numbers."""
