"""Store turns and all that belongs to them in a database."""
