"""Find what an editor should mend in sources, and write the files of new ones."""
