# Needs Debian's python3, python3-venv and, for the tests, postgresql, pgbouncer and chromium; everything else comes with `make setup`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOAKED := tests/app/test_kill.py tests/pipeline/test_crash.py tests/pipeline/test_crash_stories.py
ARGS ?=
ROUNDS ?= 5
TOOLS := .tools
TARGET ?=
SECONDS ?= 60
FILE ?=
MINUTES ?= 5
SEED ?=
FAULTS ?=

.DEFAULT_GOAL := help
.PHONY: help setup tools demo run check test soak style fuzz mutants broken audit sbom bench peers latency lock schema sets clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

setup: $(VENV)/.ready ## .venv with the locked dependencies and the project itself

$(VENV)/.ready: requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

tools: $(TOOLS)/.ready ## .tools, a venv of its own for what checks the project from outside: audit, sbom, mutants, lock

$(TOOLS)/.ready: requirements-tools.lock
	$(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-tools.lock
	@touch $@

demo: setup ## a newsroom on loopback, the real pipeline, alerts in this terminal (ARGS=--keep goes on)
	@$(BIN)/monitor demo $(ARGS)

run: setup ## the real thing: config/feeds.yaml, Telegram when a token is set, else this terminal
	@$(BIN)/monitor run $(ARGS)

check: style ## while you work, under two minutes: format, lint, types, import fences, and every test that takes no second
	$(BIN)/python -m pytest --numprocesses=2 --dist=worksteal -m "not slow" $(ARGS)

test: style ## everything, before you propose a change: what check does, with the slow tests
	$(BIN)/python -m pytest --numprocesses=3 --dist=worksteal $(ARGS)

soak: setup ## the kill and crash tests ROUNDS times over (5), four processes on PostgreSQL of which 40 are killed, two simulated days, and plans of 200 outlets that misbehave (MINUTES=5 SEED=…)
	@for round in $$(seq $(ROUNDS)); do \
	  echo "round $$round of $(ROUNDS)"; \
	  $(BIN)/python -m pytest --numprocesses=2 -q $(SOAKED) $(ARGS) || exit 1; \
	done
	$(BIN)/python -m tests.cluster.soak
	$(BIN)/python -m tests.faults.two_days
	$(BIN)/python -m tests.faults --large --minutes $(MINUTES) $(if $(SEED),--seed $(SEED)) $(FAULTS)

broken: setup ## monitors that each break one promise on purpose: the fault bench must find every one (a quarter of an hour)
	$(BIN)/python -m tests.faults.mutations $(ARGS)

style: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

$(VENV)/.fuzz: requirements-fuzz.lock $(VENV)/.ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-fuzz.lock
	@touch $@

fuzz: $(VENV)/.fuzz ## look for bytes that break a law: TARGET=parse (else each in turn), SECONDS=60 each
	@for target in $(or $(TARGET),$$($(BIN)/python -m tests.fuzz --list)); do \
	  echo "== $$target"; \
	  $(BIN)/python -m tests.fuzz $$target --seconds $(SECONDS) $(ARGS) || exit 1; \
	done

mutants: setup tools ## is there a test for each thing a file does? FILE=monitor/net/responses.py (else four rooms, hours)
	@$(BIN)/python -m tests.mutants $(FILE) $(ARGS)

audit: setup tools ## known vulnerabilities of the locked packages; says so where no database can be reached
	@$(BIN)/python -m tests.audit requirements.lock requirements-dev.lock

sbom: tools ## dist/sbom.cdx.json: the locked packages of what ships, as CycloneDX
	@mkdir -p dist
	@PYTHONWARNINGS=ignore $(TOOLS)/bin/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible --output-file dist/sbom.cdx.json requirements.lock

bench: setup ## speed and quality, one table each
	@for each in benchmarks/*/run.py; do $(BIN)/python $$each || exit 1; done

peers: setup ## CPU and memory beside newsboat, reader, rss2email and two bare loops (ARGS="--install --feeds 300")
	@$(BIN)/python -m benchmarks.peers $(ARGS)

latency: setup ## how long fresh news takes from a newspaper's answer to Telegram's, steadily and in a flood (ARGS="--only steady")
	@$(BIN)/python -m benchmarks.latency $(ARGS)

COMPILE = $(TOOLS)/bin/pip-compile --quiet --strip-extras --generate-hashes --allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header

lock: tools ## resolve the dependencies anew
	$(COMPILE) --output-file requirements.lock pyproject.toml
	$(COMPILE) --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml
	$(COMPILE) --output-file requirements-fuzz.lock requirements-fuzz.in
	$(COMPILE) --output-file requirements-tools.lock requirements-tools.in

sets: setup ## write docs/sets.md from the named sets that ship
	@$(BIN)/python -m monitor.matching.word_sets.sets_page > docs/sets.md

schema: setup ## write config/schema from the code
	@$(BIN)/monitor schema config/schema

clean: ## remove what setup and the demo made
	rm -rf $(VENV) $(TOOLS) .fuzz .mutants .mypy_cache .ruff_cache .pytest_cache .hypothesis
