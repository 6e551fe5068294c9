"""How the production server runs: ``gunicorn -c gunicorn.conf.py bot.wsgi:app``.

Reads what platforms set (``PORT``, ``WEB_CONCURRENCY``); everything about answers is a setting of the bot instead.
Nothing here may log a question or a client's address.
"""

import gc
import logging
import os
import tempfile

from gunicorn.glogging import Logger

from bot.web.cores import available_cores

# One request is one core's work and there is a worker a core: more threads inside a worker only take turns with its
# neighbours. Set before numpy, faiss or onnxruntime is imported, because they read it once.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


class DiscreetLogger(Logger):
    """gunicorn's logger without the two messages that carry an address or a query string."""

    def setup(self, cfg):
        super().setup(cfg)
        self.error_log.addFilter(_without_particulars)


def _without_particulars(record: logging.LogRecord) -> bool:
    """Keep the record, without what a visitor sent; a parse error quotes the request line, so that goes too."""
    if str(record.msg).startswith("Invalid request"):
        record.msg, record.args = "Invalid request", ()
    elif str(record.msg).startswith("Error handling request"):
        record.msg, record.args = "Error handling a request", ()
    return True


bind = f"0.0.0.0:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY") or available_cores())

# Threads, because sync closes each connection after one answer (docs/adr/0007-dependencies.md); our own, because
# gunicorn's wait for clients, so that four silent connections stop a worker (docs/adr/0016-slow-clients.md).
worker_class = "bot.web.worker.PatientWorker"
threads = 4
# Longer than usual proxies idle (60 s), so that it is never us who closes a connection they are about to use.
keepalive = 65

# The app is imported once and its pages shared by the workers. Database connections, which must not be forked, are
# made by each worker when it first needs one.
preload_app = True

timeout = 30
graceful_timeout = 30


def _heartbeat_folder() -> str:
    """Where a worker's heartbeat file can be: in memory if possible, since a slow disk can look like a hung worker."""
    for folder in ("/dev/shm", os.environ.get("TMPDIR", "/tmp"), "/tmp", "/var/tmp", "."):
        try:
            tempfile.TemporaryFile(dir=folder).close()
        except OSError:
            continue
        return folder
    raise SystemExit("Found no folder to write a heartbeat to, expected /dev/shm, /tmp or TMPDIR: make one writable.")


worker_tmp_dir = _heartbeat_folder()
limit_request_line = 8190
# Nobody steers a running server by socket here, and a read-only home folder would make it fail.
control_socket_disable = True

logger_class = DiscreetLogger
# Off: it takes half a millisecond a request, and /metrics counts the same. Whoever turns it on with
# GUNICORN_CMD_ARGS="--access-logfile -" gets no client address, no
# query string, no referrer: time, method, path, status, bytes, milliseconds, process.
access_log_format = '%(t)s "%(m)s %(U)s" %(s)s %(B)s %(M)sms %(p)s'


def when_ready(server):
    """Start the encoder before the workers are forked, so that they share its memory; it halves what a worker needs.

    A session of one thread has no thread of its own that a fork could lose (docs/adr/0002-encoder.md); a test holds
    that this process has one thread when it forks.
    """
    _warm_up(server.app.wsgi())
    # What lives as long as the workers is not looked through again and again, which would also copy its pages.
    gc.collect()
    gc.freeze()


def post_worker_init(worker):
    """Answer once in the worker, so that the first family does not wait for what is made when it is first needed."""
    _warm_up(worker.wsgi)
    # Sends what is due, such as webhooks; every worker may.
    _call(worker.wsgi, "begin_work")


def _warm_up(app):
    _call(app, "warm_up")


def _call(app, name):
    function = getattr(app, "extensions", {}).get(name)
    if function is not None:
        function()


def pre_fork(server, worker):
    """Give the worker its part of the numbers that all count together."""
    numbers = _numbers(server)
    worker.numbers = numbers and numbers.reserve()


def child_exit(server, worker):
    """Let the worker's successor count on where it has stopped."""
    numbers = _numbers(server)
    if numbers:
        numbers.release(worker.numbers)


def _numbers(server):
    return getattr(server.app.wsgi(), "extensions", {}).get("shared_numbers")
