"""What staff work with: who they are, what families need of them, and what becomes of it."""
