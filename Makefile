# Needs Debian's python3, python3-venv and, for the tests, postgresql; everything else comes with `make setup`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOAKED := tests/app/test_kill.py tests/pipeline/test_crash.py tests/pipeline/test_crash_stories.py
ARGS ?=
ROUNDS ?= 5

.DEFAULT_GOAL := help
.PHONY: help setup demo run check test soak style bench lock schema clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

setup: $(VENV)/.ready ## .venv with the locked dependencies and the project itself

$(VENV)/.ready: requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup ## a newsroom on loopback, the real pipeline, alerts in this terminal (ARGS=--keep goes on)
	@$(BIN)/monitor demo $(ARGS)

run: setup ## the real thing: config/feeds.yaml, Telegram when a token is set, else this terminal
	@$(BIN)/monitor run $(ARGS)

check: style ## while you work, under two minutes: format, lint, types, import fences, and every test that takes no second
	$(BIN)/python -m pytest --numprocesses=2 --dist=worksteal -m "not slow" $(ARGS)

test: style ## everything, before you propose a change: what check does, with the slow tests
	$(BIN)/python -m pytest --numprocesses=2 --dist=worksteal $(ARGS)

soak: setup ## the kill and crash tests ROUNDS times over (5): the moments of the kills are drawn anew each time
	@for round in $$(seq $(ROUNDS)); do \
	  echo "round $$round of $(ROUNDS)"; \
	  $(BIN)/python -m pytest --numprocesses=2 -q $(SOAKED) $(ARGS) || exit 1; \
	done

style: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: setup ## speed and quality, one table each
	@for each in benchmarks/*/run.py; do $(BIN)/python $$each || exit 1; done

lock: ## resolve the dependencies anew (needs pip-tools)
	pip-compile --quiet --strip-extras --generate-hashes --allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header --output-file requirements.lock pyproject.toml
	pip-compile --quiet --strip-extras --generate-hashes --allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml

schema: setup ## write config/schema from the code
	@$(BIN)/monitor schema config/schema

clean: ## remove what setup and the demo made
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
