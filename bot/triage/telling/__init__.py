"""Telling others: signed webhooks, replies by e-mail, digests; kept with what they tell of, sent until they arrive."""
