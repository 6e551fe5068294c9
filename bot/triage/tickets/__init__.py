"""What families need of staff: one ticket for all who ask the same, from its first asking to its answer."""
