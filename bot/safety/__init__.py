"""Messages that a person must answer first: told by exemplars and patterns that a clinician can review."""
