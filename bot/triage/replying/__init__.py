"""Answering a person: replies to those who asked, and how they can be reached."""
