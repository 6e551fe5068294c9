"""Make the application that gunicorn serves: ``gunicorn -c gunicorn.conf.py bot.wsgi:app``."""

from bot.wiring import app_from_environment

app = app_from_environment()
