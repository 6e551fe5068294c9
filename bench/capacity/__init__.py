"""What one machine holds, measured, and what to run for more: ``python -m bench.capacity``, or ``make capacity``."""
