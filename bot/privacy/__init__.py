"""Remove from a text whatever tells who wrote it or whom it is about."""
