"""corpus files -> Sources, Sources -> Passages."""
