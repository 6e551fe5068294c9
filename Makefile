# Every command a person needs. `make help` lists them.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
# What `make evaluate` measures on: a folder of folders as BEIR lays them out.
DATA ?= evaluation-data
# Tests run in parallel, one process a core, whole files at a time so that a model is loaded once a file, the longest
# first (tests/longest_first.py).
JOBS ?= auto
PYTEST := $(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder
QUICK := not slow and not browser and not model
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev
INSTALLED_BENCH := $(VENV)/.installed-bench

# The hub is never asked: the model comes with the installed packages.
export HF_HUB_OFFLINE ?= 1

.DEFAULT_GOAL := help
CUSTOM_COMPILE_COMMAND := make freeze
export CUSTOM_COMPILE_COMMAND

# What is installed is what the lists have the hash of. HASHES=no is for machines that find torch nowhere but with its GPU
# half (docs/security/dependencies.md): the same versions, not looked at.
HASHES ?= yes
LISTED = $(if $(filter no,$(HASHES)),<(sed -e '/^    --hash/d' -e 's/ \\$$//' $(1)),$(1))
INSTALL_LIST = $(BIN)/python -m pip install --quiet --disable-pip-version-check -r $(call LISTED,$(1)) || \
	{ echo "If pip has asked for packages to be pinned that are in no list: make $(MAKECMDGOALS) HASHES=no" >&2; exit 1; }

.PHONY: help install dev browser proxy s3 redis run test check format hooks bench evaluate soak capacity fuzz sbom audit freeze clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(INSTALLED) ## make the environment in .venv from the pinned requirements

# A failed `venv` leaves half an environment behind; --clear makes the next attempt start afresh.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed, $(PYTHON) is $$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.11 $(MAKECMDGOALS)" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)

$(INSTALLED): requirements.txt | $(BIN)/python
	$(call INSTALL_LIST,requirements.txt)
	@touch $@

dev: $(INSTALLED_DEV) ## add what tests and checks need to .venv

$(INSTALLED_DEV): requirements-dev.txt $(INSTALLED)
	$(call INSTALL_LIST,requirements-dev.txt)
	@touch $@

browser: dev ## find a Chromium for the browser tests, or install one
	@.ci/browser $(BIN)/python

proxy: ## find an nginx for the tests of the reference proxy, or install one
	@.ci/proxy

s3: ## make the S3 server for the tests of Builds that travel
	@.ci/s3 $(PYTHON)

redis: ## find a Redis for the tests of limits that nodes share, or install one
	@.ci/redis

run: install ## build the index if there is none and serve at http://127.0.0.1:8000
	$(BIN)/python -m bot ingest --if-missing
	$(BIN)/python -m bot serve --port $(PORT)

test: dev browser proxy s3 redis ## run all the tests, after getting all they need
	$(PYTEST) $(ARGS)

check: dev ## format, lint, types and the fast tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(PYTEST) -q -m "$(QUICK)" $(ARGS)

format: dev ## put every file into the one format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

hooks: ## run `make check` before every commit
	git config core.hooksPath .githooks

bench: $(INSTALLED_BENCH) ## measure speed and memory beside the peers
	$(BIN)/python -m bench.serve
	$(BIN)/python -m bench.ingest

$(INSTALLED_BENCH): requirements-bench.txt $(INSTALLED)
	$(call INSTALL_LIST,requirements-bench.txt)
	@touch $@

evaluate: install ## measure retrieval and answers on the gold data in DATA
	$(BIN)/python -m bench.evaluation --data $(DATA)
	$(BIN)/python -m bench.families --data $(DATA)

soak: $(INSTALLED_DEV) ## an hour of mixed load while all that can fail does (MINUTES=6 for less)
	$(BIN)/python -m bench.soak --minutes $(or $(MINUTES),60) $(ARGS)

capacity: $(INSTALLED_DEV) ## measure what a machine holds, and write docs/scaling.md from it (SIZES=1000,10000)
	$(BIN)/python -m bench.capacity --sizes $(or $(SIZES),"1000,10000,100000") $(ARGS)

fuzz: $(INSTALLED_DEV) ## an hour of inputs that nobody would write, for readers, feeds, messages and the API (MINUTES=6)
	$(BIN)/python -m bench.fuzz --minutes $(or $(MINUTES),60) $(ARGS)

sbom: $(INSTALLED_DEV) ## a CycloneDX bill of materials of each list, and one of .venv with licences, in var/sbom
	mkdir -p var/sbom
	for list in requirements requirements-serve requirements-cluster requirements-dev requirements-bench requirements-s3; do \
		$(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible \
			--output-file var/sbom/$$list.cdx.json $$list.txt || exit; \
	done
	$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible \
		--output-file var/sbom/environment.cdx.json $(BIN)/python

audit: $(INSTALLED_DEV) ## whether a fault is known of any package; says so when nobody could be asked
	$(BIN)/python .ci/audit $(ARGS)

PIP_COMPILE := $(BIN)/pip-compile --quiet --strip-extras --allow-unsafe \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host

# Every list is held to the versions of the first, but that of the tests' S3 server, which is installed apart. Then each
# line gets the hashes of all files that may be taken for it.
freeze: dev ## compile the pinned requirements anew from the short lists (UPGRADE=--upgrade for newer versions)
	$(PIP_COMPILE) $(UPGRADE) --output-file requirements.txt requirements.in
	sed -i 's/^\(torch==[0-9.]*\)+cpu/\1/' requirements.txt
	for list in serve cluster dev bench; do \
		$(PIP_COMPILE) $(UPGRADE) --constraint requirements.txt \
			--output-file requirements-$$list.txt requirements-$$list.in || exit; \
		sed -i 's/^\(torch==[0-9.]*\)+cpu/\1/' requirements-$$list.txt; \
	done
	$(PIP_COMPILE) $(UPGRADE) --output-file requirements-s3.txt requirements-s3.in
	$(BIN)/python .ci/hash-lists requirements.txt requirements-serve.txt requirements-cluster.txt \
		requirements-dev.txt requirements-bench.txt requirements-s3.txt

clean: ## remove the environment and all caches; Builds and the database stay
	rm -rf $(VENV) $(VENV)-s3 .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
