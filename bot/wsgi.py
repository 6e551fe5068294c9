"""The application that gunicorn serves: ``gunicorn -c gunicorn.conf.py bot.wsgi:app``."""

from bot.settings import read_environment
from bot.wiring import build_app

app = build_app(read_environment())
