"""Measurements of speed and quality; nothing of the service imports it."""
