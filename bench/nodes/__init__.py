"""Several nodes without a shared disk while all that they share goes and comes back: ``python -m bench.nodes``."""
