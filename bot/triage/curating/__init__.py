"""Answering everyone: answers that staff write or choose, approve, and the bot gives from then on."""
