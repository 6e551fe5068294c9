"""The application with a console that gunicorn serves in a test of signing in under a flood."""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask

from .desks import a_console


def app() -> Flask:
    """What gunicorn asks for; each client says in X-Forwarded-For what network it is of."""
    console = a_console(f"sqlite:///{Path(os.environ['SIGNABLE_FOLDER'])}/bot.sqlite3", trusted_proxies=1)
    console.add("amir")
    # A worker opens its own connections after the fork.
    console.database.close()
    return console.app
