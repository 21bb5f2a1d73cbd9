# Everything a newcomer needs is one word: `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help setup assets demo demo-check test soak lint bench bench-peers pictures bare
.DELETE_ON_ERROR:

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# Passed on: make test ARGS="tests/kernel -k journal", make demo ARGS="--subscribers 50".
ARGS ?=
# Migrations, triggers, row security and races, run again on PostgreSQL 15 (decisions 30).
OLDEST := tests/kernel/access tests/kernel/actors tests/kernel/journal tests/kernel/states tests/kernel/search \
	tests/kernel/files tests/registry tests/service tests/walk tests/reliability \
	tests/consistency/test_row_security.py tests/consistency/test_access_matrix.py
# Processes of the test suite; each has its own copy of the database.
WORKERS ?= auto
PEERS := helpdesk escalated

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/installed assets ## Python environment, libraries by hash, assets; the second time does nothing

.venv/libraries: requirements/dev.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv \
		|| { rm -rf .venv; echo "Python 3.11 or newer with venv is needed (Debian: apt install python3-venv)." >&2; exit 1; }
	$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

.venv/installed: pyproject.toml .venv/libraries
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

assets: .venv/installed ## Style sheets, icons and fonts from the locked packages
	@$(BIN)/python scripts/assets.py

demo: setup ## A living territory in your browser
	$(BIN)/gruppetto demo $(ARGS)

demo-check: setup ## The demo played without a browser: one JSON line, status 0 only without errors
	$(BIN)/gruppetto demo-check $(ARGS)

test: setup ## The whole suite, on a real PostgreSQL and in a real browser; then what the oldest PostgreSQL must hold
	$(BIN)/python -m pytest -n $(WORKERS) -m "not soak" --durations=10 $(ARGS)
	@if ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1; then \
		echo "── again on the installed PostgreSQL"; \
		GRUPPETTO_TEST_POSTGRES=installed $(BIN)/python -m pytest -q -n $(WORKERS) -m "not soak and not browser" $(OLDEST); \
	else echo "No PostgreSQL is installed: only the one of the wheel was tried."; fi

soak: setup ## The long reliability runs: processes killed, the database stopped, other examples for each property
	GRUPPETTO_EXAMPLES=drawn $(BIN)/python -m pytest -m "soak or hypothesis" --durations=0 $(ARGS)

lint: setup ## Style, types, templates, who imports whom, shell, migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/djlint --lint --quiet src
	$(BIN)/lint-imports
	@if command -v shellcheck >/dev/null; then echo shellcheck; shellcheck .ci/run scripts/*.sh; \
		else echo "shellcheck is not installed: shell scripts are not checked"; fi
	@# No database is asked: only the models and the files are compared.
	PYTHONWARNINGS=ignore::RuntimeWarning $(BIN)/gruppetto manage makemigrations --check --dry-run

# One JSON object a line; a bar that is not reached is said, and fails at the end.
bench: setup ## Every bench at its default scale, one JSON object each
	@failed=0; for name in $$($(BIN)/gruppetto bench); do \
		$(BIN)/gruppetto bench $$name --json $(ARGS) || failed=1; done; exit $$failed

bench-peers: $(PEERS:%=bench/peers/%/installed) ## The peers that benches compare us with, each in its own environment

bench/peers/%/installed: bench/peers-%.txt
	@test -x $(@D)/bin/python || $(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r $<
	@touch $@

pictures: setup ## The pictures of the documentation, taken again from the demo
	$(BIN)/python scripts/pictures.py $(ARGS)

bare: ## Set-up, lint, test and demo-check in an empty Debian 12, as root and as a plain user (needs root)
	scripts/bare.sh $(ARGS)
