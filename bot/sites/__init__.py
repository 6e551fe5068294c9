"""Sites: partners on whose pages the chat is, who may frame it, what it answers from there, and how much."""
