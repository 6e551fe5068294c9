"""Collect what families need of staff: one ticket for all who ask the same, from first question to answer."""
