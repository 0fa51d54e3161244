# Everything here makes the environment (.venv) first when it is missing or older than its lock.
# A fresh clone needs Python 3.11 or newer, git and make; nothing else has to be installed by hand.

SHELL := /bin/sh
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

VENV := .venv
PY := $(VENV)/bin/python
# The first of these that will do makes the environment; `make venv PYTHON=...` chooses another.
PYTHON ?= python3.11 python3 python python3.12 python3.13 python3.14
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1

INSTALL := $(PY) -m pip install -qq --require-hashes --no-warn-script-location
COMPILE := CUSTOM_COMPILE_COMMAND="make lock" $(PY) -m piptools compile --quiet --generate-hashes \
	--strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links

# Folders are in the list so that a removed file counts as a change too.
SOURCES := $(shell find lessons locales -type d -o -name '*.yaml' -o -name '*.po') \
	$(wildcard bot/library/*.py)

.PHONY: help venv dev run test check format soak lock clean again

help: ## Say what there is to make
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1 -- \2/p' Makefile | awk -F ' -- ' '{printf "%-12s %s\n", $$1, $$2}'

venv: $(VENV)/.catalogs ## Make the environment and compile the texts of all languages

dev: $(VENV)/.dev $(VENV)/.catalogs

run: venv ## Serve at http://localhost:8080 (TEMAN_PORT chooses another port)
	@exec $(PY) run.py serve

test: dev ## Run the tests; TESTS=tests/store runs some, ARGS=... goes to pytest
	$(PY) -m pytest $(ARGS) $(TESTS)

check: dev ## Format, lint, import floors, types, lessons
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -c 'from importlinter.cli import lint_imports_command as lint; lint()' --no-logo
	$(PY) -m mypy
	$(PY) run.py lessons check

format: dev ## Put the code in its one form and mend what lint can mend
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

soak: dev ## Run the long tests: crashes and load, many minutes
	$(PY) -m pytest -m soak $(ARGS) $(TESTS)

lock: dev ## Write both locks anew; ARGS=--upgrade takes the newest versions beneath
	$(COMPILE) $(ARGS) --output-file requirements.txt requirements.in
	$(COMPILE) $(ARGS) --output-file requirements-dev.txt requirements-dev.in

clean: ## Remove what make made; never data/ nor .env
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find bot tests bench lessons locales \( -name __pycache__ -o -name '*.mo' \) -prune -exec rm -rf {} + 2>/dev/null || true

# An environment that no longer runs, say because its Python went away, is made anew.
ifneq ($(shell $(PY) -c 'print(1)' 2>/dev/null),1)
$(VENV)/.made: again
endif
again:
$(VENV)/.made:
	@set -e; found=; fits='import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))'; \
	if ! $(PY) -c "$$fits" 2>/dev/null; then \
		for python in $(PYTHON); do \
			if $$python -c "$$fits" 2>/dev/null; then found=$$python; break; fi; \
		done; \
		if [ -z "$$found" ]; then \
			echo "Teman needs Python 3.11 or newer with its venv module; looked for: $(PYTHON)." >&2; \
			for python in $(PYTHON); do \
				said=$$($$python --version 2>/dev/null) && echo "  $$python is $$said" >&2 || true; \
			done; \
			echo "On Debian and Ubuntu: apt install python3 python3-venv." >&2; \
			echo "Or name one: make venv PYTHON=/path/to/python3.11" >&2; \
			exit 1; \
		fi; \
		echo "Making $(VENV) with $$($$found --version) ..."; \
		$$found -m venv --clear $(VENV); \
	fi
	@touch $@

$(VENV)/.runtime: requirements.txt $(VENV)/.made
	@echo "Installing what Teman runs on ..."
	@$(INSTALL) -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	@echo "Installing what checks and tests it ..."
	@$(INSTALL) -r requirements-dev.txt
	@touch $@

$(VENV)/.catalogs: $(VENV)/.runtime $(SOURCES)
	@$(PY) run.py lessons compile
	@touch $@
