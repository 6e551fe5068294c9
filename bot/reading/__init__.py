"""Read the files of a corpus into Sources, and cut Sources into Passages."""
