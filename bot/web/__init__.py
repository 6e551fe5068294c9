"""Answers -> HTTP: a Flask application made by :func:`bot.web.app.create_app` around an answerer that is handed in."""
