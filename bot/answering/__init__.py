"""Answer one question from one Build."""
