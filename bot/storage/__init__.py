"""Turns that happened -> memory."""
