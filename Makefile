# `make` alone prints the targets.

# The first of these that runs and is new enough; PYTHON=… chooses another.
PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$name && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install develop demo up test check format lock bench faults tamper mutation clean

help:  ## Print the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sort \
	| awk -F ':.*## *' '{ printf "  make %-9s  %s\n", $$1, $$2 }'

install: $(VENV)/installed  ## Make .venv with the command .venv/bin/doithoai
develop: $(VENV)/developed  ## The same, with all that checks and tests need

demo: install  ## Run the history of Ba Đình 2017–2021 and compare with what was published
	$(BIN)/doithoai demo

up: install  ## Start all services, embedded: one process, SQLite, no server needed
	$(BIN)/doithoai up

check: develop  ## Lint, format, types, layers, tidiness; seconds, no server
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/architecture --quiet

test: check  ## Everything that must hold, on real PostgreSQL and RabbitMQ
	$(BIN)/python -m pytest --numprocesses 2 --dist loadgroup

faults: develop  ## Hours of broken brokers and killed processes, instead of the smoke
	$(BIN)/python -m pytest tests/faults tests/journeys/test_faults.py --long

tamper: develop  ## Change everything that an auditor looks at: a table of what is then said
	$(BIN)/python -m tests.deploy.audit.tampering

bench: develop  ## Measure beside the anchor library; one JSON line per figure
	$(BIN)/python -m tests.benchmarks

mutation: develop  ## Change the core by one operator at a time: do its tests notice?
	$(BIN)/mutmut run
	$(BIN)/mutmut results

format: develop  ## Repair what ruff can repair
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: develop  ## Resolve requirements*.in into requirements*.txt, with hashes
	$(call resolve,requirements)
	$(call resolve,requirements-dev)

clean:  ## Delete caches and builds; .venv and data stay
	rm -rf build dist *.egg-info mutants .mutmut-cache .hypothesis .import_linter_cache \
		.mypy_cache .pytest_cache .ruff_cache
	find . -path ./$(VENV) -prune -o -name __pycache__ -type d -exec rm -rf {} +

# Nothing but locked, hashed wheels is fetched: nothing is compiled, and the project's own
# build isn't isolated.
$(VENV)/installed: requirements.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed (PYTHON=…)" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --require-hashes --only-binary :all: --requirement requirements.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/developed: requirements-dev.txt $(VENV)/installed
	$(PIP) install --quiet --require-hashes --only-binary :all: --requirement requirements-dev.txt
	@touch $@

define resolve
	CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --allow-unsafe \
		--generate-hashes --strip-extras --no-emit-options --no-emit-index-url \
		--no-emit-find-links --no-emit-trusted-host --output-file $(1).txt $(1).in
endef
