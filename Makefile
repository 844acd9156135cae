# The commands of the project. Everything they need is set up first, where it isn't yet.
SHELL := /bin/bash
PYTHON ?= python3
export PORT ?= 8000

BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
# A journey takes a hundred times as long as a test: whoever has nothing left takes from the other.
PYTEST := $(BIN)/pytest -n 2 --dist worksteal
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header --no-emit-index-url

.PHONY: help setup run test prove check format bench lock

help:
	@echo "make run     set up, then serve the product with demo data on http://127.0.0.1:$(PORT)"
	@echo "make test    set up, then run all tests, on SQLite, on PostgreSQL and in Chromium"
	@echo "make prove   prove that nothing acknowledged is lost: any order of saves, crashes"
	@echo "make check   the static checks"
	@echo "make format  format the code and the templates"
	@echo "make bench   measure speed and memory"
	@echo "make setup   only set up"
	@echo "make lock    lock the dependencies again; UPGRADE=--upgrade takes the newest"

setup: .venv/.installed node_modules/.package-lock.json

.venv/.installed: requirements-uv.txt requirements-dev.txt
	@scripts/system-packages venv $(PYTHON)
	test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.txt
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes --compile-bytecode \
		requirements-dev.txt
	@touch $@

node_modules/.package-lock.json: package.json package-lock.json .npmrc | .venv/.installed
	scripts/npm ci --no-progress
	@touch $@

run: setup
	@scripts/system-packages pdf $(PYTHON)
	@scripts/run

# PostgreSQL's databases go with their server: nobody drops them before (--reuse-db).
test: setup
	@scripts/system-packages pdf $(PYTHON)
	@scripts/system-packages browser $(PYTHON)
	$(PYTEST)
	$(BIN)/python -m tests.harness.postgres $(PYTEST) --another-database --reuse-db \
		-o 'norecursedirs=.* proofs'

prove: setup
	$(PYTEST) tests/proofs
	$(BIN)/python -m tests.harness.postgres $(PYTEST) --another-database --reuse-db tests/proofs

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djade --check --target-version 5.2 $$(git ls-files 'templates/*.html')
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy
	$(MANAGE) makemigrations --check --dry-run --settings tests.settings
	scripts/check-deployment
	scripts/check-locks

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djade --target-version 5.2 $$(git ls-files 'templates/*.html')

bench: setup
	@scripts/system-packages pdf $(PYTHON)
	$(BIN)/python -m bench

lock: .venv/.installed
	$(COMPILE) $(UPGRADE) --group setup --output-file requirements-uv.txt
	$(COMPILE) $(UPGRADE) --group node --output-file requirements-node.txt
	$(COMPILE) $(UPGRADE) pyproject.toml --output-file requirements.txt
	$(COMPILE) $(UPGRADE) pyproject.toml --extra dev --constraint requirements.txt \
		--output-file requirements-dev.txt
	scripts/npm $(if $(UPGRADE),update,install) --package-lock-only
