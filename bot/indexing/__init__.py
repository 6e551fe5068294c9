"""Passages -> vectors, terms and one Build on disk."""
