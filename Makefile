# Everything here works on a bare machine with Python 3.11 or newer and make.

PYTHONS := $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python
PY := .venv/bin/python
INSTALL := $(PY) -m pip install -qq --no-input --disable-pip-version-check
COMPILE := $(PY) -m compileall -q bot
PIN := $(PY) -m uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-header pyproject.toml -

.PHONY: help run test check format bench pins clean
.DEFAULT_GOAL := help

help:
	@echo "make run      the bot: against Slack when .env or the environment holds its credentials,"
	@echo "              else in the playground, a local Slack in your browser"
	@echo "make test     the whole check: format, lint, types, tests and their coverage"
	@echo "make check    format, lint and types alone"
	@echo "make format   put the code in form"
	@echo "make bench    measure what is promised about speed"
	@echo "make pins     choose the newest allowed versions and write them, with hashes, to requirements*.txt"
	@echo "make clean    remove what make made (.venv and caches)"

run: .venv/runtime.stamp
	@$(COMPILE)
	@if [ -n "$$SLACK_BOT_TOKEN$$SLACK_CLIENT_ID" ] \
	  || grep -qsE '^(export )?SLACK_(BOT_TOKEN|CLIENT_ID) *= *["'\'']?[^"'\''# ]' .env; \
	then exec $(PY) -m bot run; \
	else exec $(PY) -m bot playground; fi

check: .venv/dev.stamp
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy $(wildcard bot tests benchmarks)

test: check
	@$(COMPILE)
	@command -v chromium >/dev/null || echo "Chromium is missing: the tests in a browser are skipped." \
	  "On Debian: apt-get install --no-install-recommends chromium"
	@$(PY) -m coverage erase
	@$(PY) -m pytest -n 2 --dist worksteal --cov --cov-report= --cov-fail-under=0
	@$(PY) -m coverage report
	@$(PY) -m coverage report --include='bot/rules/*' --fail-under=100

format: .venv/dev.stamp
	@$(PY) -m ruff check --fix-only --quiet .
	@$(PY) -m ruff format .

bench: .venv/dev.stamp
	@$(COMPILE)
	@for script in benchmarks/[a-z]*.py; do $(PY) -m "benchmarks.$$(basename "$$script" .py)" || exit 1; done

pins: .venv/runtime.stamp
	@$(INSTALL) uv
	@echo '# Exact versions, with hashes, written by "make pins" from pyproject.toml.' > requirements.txt
	@cp requirements.txt requirements-dev.txt
	@echo 'setuptools>=77' | $(PIN) >> requirements.txt
	@echo 'setuptools>=77' | $(PIN) --extra dev -c requirements.txt >> requirements-dev.txt

clean:
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.* *.egg-info
	@find bot tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# The virtual environment, and in it what runs the bot, or what checks it too; again when the pins change.
.venv/bin/python:
	@for python in $(PYTHONS); do \
	  if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "Making .venv with $$($$python --version)"; exec $$python -m venv --clear .venv; fi; \
	done; \
	for python in $(PYTHONS); do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "$$($$python --version) cannot make virtual environments." \
	      "On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; fi; \
	done; \
	echo "PMO Bot needs Python 3.11 or newer; python3 here is: $$(python3 --version 2>&1 || true)." \
	  "Name another with: make PYTHON=/path/to/python3.13" >&2; exit 1

.venv/runtime.stamp: requirements.txt pyproject.toml | .venv/bin/python
	@echo "Installing what the bot runs on"
	@$(INSTALL) --require-hashes --no-deps -r requirements.txt
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.stamp: requirements-dev.txt pyproject.toml | .venv/bin/python
	@echo "Installing what the bot runs on and what checks it"
	@$(INSTALL) --require-hashes --no-deps -r requirements-dev.txt
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@ .venv/runtime.stamp
