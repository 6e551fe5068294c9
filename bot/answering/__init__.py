"""a Question and a Build -> one Answer."""
