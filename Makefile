# The words for everything one does here; .ci/run says the same ones.

.DEFAULT_GOAL := help
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help run test lint format bench audit lock messages

help:
	@echo "make run      set up, make the demo platform once, serve on http://localhost:$${PORT:-8000}"
	@echo "make test     set up and run every suite on every database that answers"
	@echo "make lint     ruff, mypy, import-linter"
	@echo "make format   let ruff rewrite what it can"
	@echo "make bench    benchmarks: a table with ratios, raw figures under var/bench/"
	@echo "make audit    known vulnerabilities in what we depend on; Lighthouse on home and payments"
	@echo "make messages bring the translations up to date; says which are missing"
	@echo "make lock     write the locks again from what pyproject.toml and requirements/*.in ask for"

run: .venv/.runtime
	$(BIN)/counterfoil migrate
	$(BIN)/counterfoil demo --if-empty
	@exec $(BIN)/counterfoil serve --port $${PORT:-8000}

test: .venv/.dev
	@exec $(BIN)/python scripts/test.py

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/.dev
	@exec $(BIN)/python bench/run.py

audit: .venv/.dev
	$(BIN)/pip-audit --strict --disable-pip --requirement requirements/runtime.txt
	$(BIN)/python scripts/audit.py

messages: .venv/.dev
	$(BIN)/python scripts/messages.py

lock: .venv/.dev
	scripts/lock $(ARGS)

# ---- Setting up. A stamp is older than its lock only when there is something to install. ----

.venv/bin/python:
	@python="$$(scripts/find-python)" && echo "Setting up .venv with $$python" && "$$python" -m venv .venv

.venv/.runtime: requirements/build.txt requirements/runtime.txt pyproject.toml | .venv/bin/python
	@echo "Installing what running needs (requirements/runtime.txt)"
	@$(PIP) install --require-hashes -r requirements/build.txt -r requirements/runtime.txt
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@

.venv/.dev: requirements/dev.txt .venv/.runtime
	@echo "Installing what tests and checks need (requirements/dev.txt)"
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@
