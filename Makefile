# Every chore of Sahut. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev browser node run play test check format migrate bench doctor lock

PY := .venv/bin/python
CODE := bot web scheduler storage cities learning usecases conversations tickets routing texts
PYTEST_ARGS ?= -n auto --maxprocesses 4 --dist worksteal

# A start with PYTHONDONTWRITEBYTECODE compiles everything anew, every time.
unexport PYTHONDONTWRITEBYTECODE

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## build .venv with what Sahut needs to run (does nothing when it is up to date)
	@tools/setup.sh requirements.lock

setup-dev: ## the same with the tools for tests and checks
	@tools/setup.sh requirements-dev.lock

browser: ## install Chromium for the browser tests, if it is missing and this user may do so
	@tools/browser.sh

node: setup-dev ## install the second reader of our WhatsApp messages, if Node.js is there
	@tools/node.sh

run: setup ## start Sahut: web chat at http://127.0.0.1:8080, and Telegram when a token is set
	@$(PY) -m bot run

play: setup ## talk to the dialogue in this terminal
	@$(PY) -m bot play

migrate: setup ## bring the database to the newest schema
	@$(PY) -m bot migrate

doctor: setup ## say what is set, what works and what is missing
	@$(PY) -m bot doctor

test: setup-dev browser node ## run all tests, on SQLite and on a real PostgreSQL (NO_PG=1, NO_BROWSER=1, NO_NODE=1 leave parts out)
	@$(PY) -m pytest $(PYTEST_ARGS)

check: setup-dev ## style, types and import contracts
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy $(CODE)
	@.venv/bin/lint-imports --no-cache

format: setup-dev ## put the code into the one format
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

bench: setup-dev ## measure speed, accuracy and loss: the figures that the README claims
	@$(PY) -m benchmarks

lock: setup-dev ## renew the lock files (needs uv inside .venv)
	@tools/lock.sh
