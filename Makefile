# make demo   see tio alive: a simulated market, no network, no keys
# make test   run the tests
# make test-models  ask a real language model (TIO_TEST_MODEL_URL; docs/models.md)
# make check  everything CI checks: format, lint, types, import contracts, tests
#
# Each makes .venv by itself; all it needs is Python 3.11 or newer with venv. Another interpreter:
# make demo PYTHON=/path/to/python3.12

VENV ?= .venv
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$p && break; done)
BIN = $(VENV)/bin
READY = $(VENV)/.ready
TESTS ?= -q -n auto --maxprocesses 4 --dist worksteal

.DEFAULT_GOAL := help
.PHONY: help demo test test-models check static format wheel lock clean

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

demo: $(READY)
	@$(BIN)/tio demo

test: $(READY)
	$(BIN)/python -m pytest $(TESTS)

# One after the other: a model's server is slower than any test.
test-models: $(READY)
	$(BIN)/python -m pytest -q -rs -m models tests/models

check: static test

static: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

wheel: $(READY)
	rm -rf dist
	$(BIN)/python -m build --wheel --no-isolation --outdir dist .

# Exact versions of everything in the environment, resolved anew from pyproject.toml.
lock:
	rm -rf build/lock
	$(PYTHON) -m venv build/lock
	build/lock/bin/pip install --quiet --upgrade --upgrade-strategy eager '.[dev]'
	{ echo '# What CI installs; made by `make lock`.'; \
	  build/lock/bin/pip freeze --exclude tio; } > requirements.lock
	rm -rf build/lock

$(READY): pyproject.toml requirements.lock
	@test -n "$(PYTHON)" || { echo "tio needs Python 3.11 or newer with venv; name one: make PYTHON=…" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
