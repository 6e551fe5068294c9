"""Serve answers over HTTP: :func:`bot.web.app.create_app` makes a Flask application around a given answerer."""
