"""Do the work of staff: their accounts, what families need of them, and what becomes of it."""
