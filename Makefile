# A front door for hands: every target installs what it needs. `make help` lists them.

PYTHON ?= python3
BIN := .venv/bin
PO := $(wildcard survey_app/translations/*/LC_MESSAGES/messages.po)
MO := $(PO:.po=.mo)
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
# Half of an installation went into compiling what is never imported; what is imported is
# kept, whatever this shell says: every worker and every program tests start reads it.
INSTALL := $(PIP) install --no-compile
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo serve test check format lint types imports pytest bench faults handbook lock vendored wheel words clean
.DEFAULT_GOAL := help

help: ## Say what each target does
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: .venv/.runtime $(MO) ## Build the demo county and serve it on 127.0.0.1:8000 until Ctrl-C
	@$(BIN)/survey demo --serve

test: .venv/.dev $(MO) programs ## Check everything: format, lint, types, doors, all tests
	@$(MAKE) --no-print-directory check pytest

check: .venv/.dev $(MO) lint types imports ## Everything of `test` that runs no program

format: .venv/.dev ## Lay the code out
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

lint: .venv/.dev
	@$(BIN)/ruff format --check . && $(BIN)/ruff check .

types: .venv/.dev
	@$(BIN)/mypy

imports: .venv/.dev
	@$(BIN)/lint-imports

# Three for two cores: one of them is always waiting for a browser or a database.
pytest: .venv/.dev $(MO)
	@$(BIN)/python -m pytest --numprocesses=3 --dist=worksteal $(ARGS)

bench: .venv/.dev $(MO) ## Measure; results belong into docs/performance/
	@$(BIN)/python -m tests.benchmark $(ARGS)

faults: .venv/.dev $(MO) ## Kill, fill up and lock what may be, on both databases; a few minutes
	@$(BIN)/python -m tests.faults $(ARGS)

handbook: .venv/.dev $(MO) programs ## Take the handbook's pictures anew from the demo county
	@$(BIN)/python -m tests.handbook

words: .venv/.dev ## Collect the texts people read into the translation files
	@$(BIN)/pybabel --quiet extract -F config/babel.cfg -k lazy_gettext -k message --no-location --sort-output --omit-header -o .venv/messages.pot . \
	&& $(BIN)/pybabel --quiet update --no-wrap --no-fuzzy-matching --ignore-obsolete --omit-header -i .venv/messages.pot -d survey_app/translations

lock: ## Renew the pinned, hashed requirements (needs uv)
	@for group in runtime dev; do \
	  uv pip compile pyproject.toml --quiet --upgrade --python-version 3.11 --generate-hashes --no-annotate \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' \
	    --group build $$([ $$group = dev ] && echo --group dev) -o config/lock/$$group.txt; done
	@uv pip compile config/survey-keys/pyproject.toml --quiet --python-version 3.11 --generate-hashes --no-annotate \
	  --constraint config/lock/runtime.txt --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' \
	  -o config/lock/keys.txt

vendored: .venv/.dev ## Fetch what others wrote for the keys page again, and compare it (needs npm)
	@$(BIN)/python -m config.vendored $(ARGS)

wheel: .venv/.runtime ## Build the wheels of the platform and of survey-keys into dist/
	@$(PIP) wheel --no-deps --no-build-isolation --wheel-dir dist . ./config/survey-keys

clean: ## Remove what was installed and built, the demo county included
	@rm -rf build config/survey-keys/build dist *.egg-info .venv .demo .artefacts .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis $(MO)

%.mo: %.po | .venv/.runtime
	@$(BIN)/pybabel --quiet compile -i $< -o $@

# Debian splits venv off its Python; where we may, we fetch it, otherwise we say its name.
.venv/bin/python:
	@$(PYTHON) -m venv .venv 2>/dev/null || { rm -rf .venv; \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get -qq update && apt-get -qq install -y python3-venv >/dev/null; \
	  else echo "Python's venv module is missing: install the package python3-venv, then run make again."; exit 1; fi; \
	  $(PYTHON) -m venv .venv; }

.venv/.runtime: config/lock/runtime.txt pyproject.toml | .venv/bin/python
	@echo "Installing what the platform needs into .venv ..."
	@[ -e .venv/.dev ] || $(INSTALL) --require-hashes -r config/lock/runtime.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: config/lock/dev.txt pyproject.toml | .venv/bin/python
	@echo "Installing what the tests need into .venv ..."
	@$(INSTALL) --require-hashes -r config/lock/dev.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch .venv/.runtime $@

# What tests drive besides our own: a browser, and programs people put in front of us.
.PHONY: programs
programs:
	@{ command -v chromium && command -v chromium-headless-shell && command -v nginx && command -v pgbouncer && command -v redis-server && command -v soffice; } >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing Chromium, nginx, PgBouncer, Redis and LibreOffice Calc for the tests ..."; \
	    apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y \
	      chromium chromium-headless-shell fonts-noto-cjk nginx-light pgbouncer redis-server >/dev/null \
	    && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
	      libreoffice-calc libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 >/dev/null; \
	  else echo "Some tests are skipped: install the packages chromium, chromium-headless-shell, fonts-noto-cjk, nginx-light, pgbouncer," \
	    "redis-server, libreoffice-calc, libpango-1.0-0 and libpangoft2-1.0-0 to run them all."; fi; }
