"""Recognise messages that a person must answer first, by exemplars and patterns that a clinician can review."""
