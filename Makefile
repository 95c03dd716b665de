# `make serve` opens the viewer; the rest is for who works on Vereend.
# Needs python3 (3.11 or later, with venv) and make. Node comes along when there is something to build with it.

PYTHON ?= python3
VENV   ?= .venv
PORT   ?= 5099
TESTS  ?= tests

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
NPM := $(BIN)/python webui/frontend/npm.py

# What an installation is built from. The folders are named too: they change when a file goes.
SOURCES := pyproject.toml hatch_build.py \
  $(shell find webui/frontend -name node_modules -prune -o -type f -print) \
  $(shell find webui/frontend/src -type d) \
  $(shell find webui/vereend_webui -name '*.po')
MODULES := webui/frontend/node_modules/.package-lock.json

.PHONY: help serve install dev test check outside bench build lock clean

help: ## Tell what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /|/' | awk -F '|' '{ printf "make %-8s %s\n", $$1, $$2 }'

serve: $(VENV)/.installed ## Open the viewer in the browser (PORT=5099)
	$(BIN)/vereend serve --port $(PORT)

install: $(VENV)/.installed ## Install in .venv what the viewer and the command vereend need

dev: $(VENV)/.dev $(MODULES) ## Install what the tests need as well

test: dev ## Run the tests (TESTS=tests/test_locators.py for some of them)
	$(BIN)/python -m pytest -n auto --dist worksteal --ignore=tests/outside --ignore=tests/bench $(TESTS)

check: dev ## Check style, types and content, and that what is built is current
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict kg/vereend
	$(NPM) run check
	$(BIN)/python -c 'import sys, vereend.shapes as s; sys.exit("\n".join(f"{p} is not current: make build" for p in s.stale()) or None)'
	$(BIN)/vereend check

outside: dev ## Test against suites and vocabularies of others, where these are at hand
	$(BIN)/python -m pytest tests/outside

bench: dev ## Measure
	$(BIN)/python -m pytest -s tests/bench

build: $(VENV)/.installed ## Write the SHACL in shapes/ from the rules in shapes/rules/
	$(BIN)/vereend build

lock: ## Write requirements.lock anew, with the newest versions that pyproject.toml allows
	rm -rf .lock-venv
	$(PYTHON) -m venv .lock-venv
	.lock-venv/bin/python -m pip install --quiet --disable-pip-version-check -e '.[dev,scale]' 'hatchling>=1.27'
	.lock-venv/bin/python -m pip freeze --exclude-editable > requirements.lock
	rm -rf .lock-venv

clean: ## Remove what was installed and built
	rm -rf $(VENV) .lock-venv dist webui/frontend/node_modules webui/vereend_webui/static/dist
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find kg webui tests -name __pycache__ -prune -exec rm -rf {} +
	find webui -name '*.mo' -exec rm -f {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Vereend needs Python 3.11 or later, and '$(PYTHON)' is not. Name another one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
	  echo "This Python cannot make a virtual environment. On Debian and Ubuntu: sudo apt install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# An editable install does not notice later changes to the front end and the translations, so make does.
$(VENV)/.installed: $(SOURCES) | $(BIN)/python
	@echo "Installing in $(VENV) ..."
	@$(PIP) install -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.installed
	@$(PIP) install -e '.[dev,scale]'
	@touch $@

$(MODULES): webui/frontend/package-lock.json | $(VENV)/.dev
	$(NPM) ci --include=dev
	@touch $@
