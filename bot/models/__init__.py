"""What was learnt, as data: written by ``python -m bot train`` and described in docs/models."""
