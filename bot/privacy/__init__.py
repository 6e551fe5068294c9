"""A text -> the same without what tells who wrote it or about whom."""
