"""Keep the partners' sites: who may frame the chat, what it answers from there, and how much."""
