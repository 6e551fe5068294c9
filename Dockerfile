# Makes a Build from corpus/ with everything, then serves it with little: torch stays in the first stage.
#   docker build -t explainer . && docker run -p 8000:8000 explainer

# A release names a digest, python:3.11-slim@sha256:...; docs/security/dependencies.md says how it is found.
ARG PYTHON_IMAGE=python:3.11-slim

FROM ${PYTHON_IMAGE} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 HF_HUB_OFFLINE=1
# Where to look for packages besides the usual place, for instance for torch without its GPU half.
ARG PIP_EXTRA_INDEX_URL
WORKDIR /app
COPY requirements.txt ./
RUN pip install --require-hashes -r requirements.txt
COPY bot ./bot
COPY corpus ./corpus
RUN python -m bot ingest

FROM ${PYTHON_IMAGE} AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
COPY requirements-serve.txt ./
RUN python -m venv /venv && /venv/bin/pip install --require-hashes -r requirements-serve.txt

FROM ${PYTHON_IMAGE}
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PORT=8000
WORKDIR /app
# var/ is all that is written to: mount a volume there to keep the SQLite memory, or set DATABASE_URL.
RUN useradd --system --uid 10001 --no-create-home bot && install -d -o bot -g bot var
COPY --from=packages /venv /venv
COPY --from=build /app/indexes ./indexes
COPY gunicorn.conf.py ./
COPY bot ./bot
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/healthz', timeout=4)"]
# gunicorn.conf.py reads PORT; without a shell in between, gunicorn gets the signal to stop.
CMD ["gunicorn", "-c", "gunicorn.conf.py", "bot.wsgi:app"]
