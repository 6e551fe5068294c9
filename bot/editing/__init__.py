"""Sources -> what an editor should mend in them; and files for new sources."""
