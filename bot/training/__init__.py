"""What is learnt, from files that people can read: the heads of the encoder, the reader, and danger in other languages.

Nothing here is needed to serve. Each module takes judged lines and gives a model as data.
"""
