"""Answer a person: reply to those who asked, and show how they can be reached."""
