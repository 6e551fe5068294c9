"""How long each page of the console takes on the server, over a large database; beside it the queries that it makes.
The processor's time is told as well: other work on the machine does not add to it.

``DATABASE_URL=sqlite:///FILE python -m bot seed --turns 100000 --tickets 5000``, then the same ``DATABASE_URL`` with
``python -m bench.console``. Each page is asked for 15 times in one process, and the median counts; the overview keeps
its figures for ten seconds.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from statistics import median

from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot import wiring
from bot.errors import StaffError
from bot.settings import read_environment
from bot.web.staff.desk import Desk

_TIMES = 15
_NAME, _PASSWORD = "bench", "seven calm herons"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def main() -> None:
    """Print the table."""
    app = wiring.build_app(read_environment())
    client, queries = app.test_client(), [0]
    event.listen(Engine, "before_cursor_execute", lambda *_: queries.__setitem__(0, queries[0] + 1))
    _sign_in(client, app.extensions["staff_desk"])
    print("| page | first ms | median ms | of it processor ms | queries | kB |\n|---|---|---|---|---|---|")
    for path in list(_pages(client)):
        taken, worked = [], []
        for _ in range(_TIMES):
            queries[0], began, began_work = 0, time.perf_counter(), time.process_time()
            response = client.get(path)
            taken.append((time.perf_counter() - began) * 1000)
            worked.append((time.process_time() - began_work) * 1000)
            assert response.status_code == 200, (path, response.status_code)
        shown = re.sub(r"seed-[a-z]+-\d+", "ID", path)
        figures = f"{taken[0]:.0f} | {median(taken):.0f} | {median(worked):.0f} | {queries[0]}"
        print(f"| {shown} | {figures} | {len(response.data) / 1000:.0f} |", flush=True)


def _pages(client: FlaskClient) -> Iterator[str]:
    yield from (
        "/staff/",
        "/staff/?status=any",
        "/staff/?status=any&words=testing",
        "/staff/?status=any&like=who+pays+for+the+test",
        "/staff/?q=testing",
    )
    for path in re.findall(r'href="(/staff/tickets/[^"]+)"', client.get("/staff/?status=any").text)[:1]:
        yield path
        yield f"{path.partition('?')[0]}/suggestions"
        yield from re.findall(r'href="(/staff/turns/[^"#]+)"', client.get(path).text)[:1]
    yield from (f"/staff/overview?weeks={weeks}" for weeks in (4, 12, 26))
    yield from ("/staff/overview?weeks=26&site=partner-one", "/staff/overview/questions.svg?weeks=26")
    yield from ("/staff/overview.csv?weeks=26", "/staff/gaps?weeks=26")
    yield from re.findall(r'href="(/staff/gaps/[^"]+)"', client.get("/staff/gaps").text)[:1]
    for place in ("curated", "canned", "webhooks", "people", "audit", "account"):
        yield f"/staff/{place}"


def _sign_in(client: FlaskClient, desk: Desk) -> None:
    try:
        first = desk.accounts.add(_NAME, "admin", by="bench")
    except StaffError:
        first = desk.accounts.reset(_NAME, by="bench")
    page = client.get("/staff/sign-in").text
    _post(client, "/staff/sign-in", page, name=_NAME, password=first)
    _post(
        client, "/staff/account/password", client.get("/staff/account").text, old=first, new=_PASSWORD, again=_PASSWORD
    )


def _post(client: FlaskClient, path: str, page: str, **fields: str) -> None:
    found = _TOKEN.search(page)
    assert found is not None, path
    response = client.post(path, data={**fields, "csrf_token": found[1]})
    assert response.status_code == 303, (path, response.status_code)


if __name__ == "__main__":
    main()
