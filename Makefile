# The verbs of the house. `make help` lists them. Needs Python 3.11+, make and git; no more.
# The same steps without make are in README.md.

PYTHON ?= python3
PORT ?= 8866
DATA ?= data
STORE ?=
PYTEST_ARGS ?=
# Two at a time; what shares a browser or a store stays together (tests/conftest.py).
PYTEST_SPREAD ?= -n 2 --dist loadgroup
BENCH_ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
ENV_PYTHON := $(BIN)/python

# A stamp carries the sum of what it was made from: a changed lock installs anew, an unchanged one does not.
sum_of = $(shell cat $(1) 2>/dev/null | cksum | tr ' ' '-')
BOOT_STAMP := $(VENV)/.boot-$(call sum_of,requirements-bootstrap.lock)
RUN_STAMP := $(VENV)/.run-$(call sum_of,requirements-bootstrap.lock requirements.lock pyproject.toml)
DEV_STAMP := $(VENV)/.dev-$(call sum_of,requirements-bootstrap.lock requirements-dev.lock pyproject.toml)

# --compile-bytecode: without it every kernel compiles its imports again, seconds each time.
INSTALL := $(UV) pip install --quiet --python $(ENV_PYTHON) --no-deps --require-hashes --compile-bytecode
EDITABLE := $(UV) pip install --quiet --python $(ENV_PYTHON) --no-deps --no-build-isolation --editable .
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
	--no-header --no-annotate $(if $(UPGRADE),--upgrade)
STORE_OPTION := $(if $(STORE),--store "$(STORE)")
NO_BROWSER := $(filter 1,$(BAROMETER_NO_BROWSER))

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help install install-dev assets check build serve test soak lint format bench lock clean

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile
	@echo "  variables: PYTHON=$(PYTHON) PORT=$(PORT) DATA=$(DATA) STORE=$(STORE) UPGRADE= PYTEST_ARGS="

install: $(RUN_STAMP) ## make .venv with what the dashboards need, from the lock file

install-dev: $(DEV_STAMP) ## the same with what tests, linters and analysts need

assets: install ## install the third-party front-end parts and copy what is served
	@$(ENV_PYTHON) frontend/install.py

check: install ## check the catalogue and the deliveries in DATA
	@$(BIN)/barometer check --data "$(DATA)"

build: install ## build the store from DATA
	@$(BIN)/barometer build --data "$(DATA)" $(STORE_OPTION)

serve: assets build ## build, then serve the dashboards on PORT and print the address
	@exec $(BIN)/barometer serve $(STORE_OPTION) --port $(PORT)

lint: install-dev ## style, types and the import contract
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo --cache-dir .cache/importlinter

test: install-dev assets lint ## lint, then every test, browsers included
ifeq ($(NO_BROWSER),1)
	@echo "BAROMETER_NO_BROWSER=1: THE BROWSER TESTS ARE LEFT OUT. What is green below has not been seen in a browser." >&2
	@$(ENV_PYTHON) -m pytest -m "not browser and not soak" $(PYTEST_SPREAD) $(PYTEST_ARGS)
else
	@sh .ci/libreoffice
	@chromium="$$(sh .ci/chromium)" && BAROMETER_CHROMIUM="$$chromium" $(ENV_PYTHON) -m pytest $(PYTEST_SPREAD) $(PYTEST_ARGS)
endif

soak: install-dev ## the tests that do the same many times over (builds killed at random moments)
	@$(ENV_PYTHON) -m pytest -m soak $(PYTEST_ARGS)

format: install-dev ## put the code in order
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: install-dev ## time ours against the alternative and print the ratios
	@$(ENV_PYTHON) -m benchmarks $(BENCH_ARGS)

lock: $(BOOT_STAMP) ## resolve pyproject.toml into the lock files (UPGRADE=1: to the newest)
	@$(COMPILE) pyproject.toml --all-extras --group build -o requirements-dev.lock
	@$(COMPILE) pyproject.toml --extra dashboards --extra letters --group build -c requirements-dev.lock -o requirements.lock
	@$(COMPILE) --group bootstrap -o requirements-bootstrap.lock
	@$(COMPILE) --group node -o requirements-node.lock
	@$(ENV_PYTHON) frontend/install.py --lock $(if $(UPGRADE),--upgrade)

clean: ## remove the environment, the installed front-end parts and the caches; the store stays
	@rm -rf $(VENV) .cache frontend/node_modules src/barometer_lib/serve/static/vendor
	@find src tests -type d -name __pycache__ -prune -exec rm -rf {} +

$(BOOT_STAMP): | requirements-bootstrap.lock
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed, this is " + sys.version.split()[0] + ": make PYTHON=python3.11 ...")'
	@echo "Making $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(ENV_PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-bootstrap.lock
	@rm -f $(VENV)/.boot-* && touch $@

$(RUN_STAMP): $(BOOT_STAMP)
	@echo "Installing what the dashboards need ..."
	@$(INSTALL) -r requirements.lock
	@$(EDITABLE)
	@rm -f $(VENV)/.run-* && touch $@

$(DEV_STAMP): $(BOOT_STAMP)
	@echo "Installing what tests and analysts need ..."
	@$(INSTALL) -r requirements-dev.lock
	@$(EDITABLE)
	@rm -f $(VENV)/.dev-* $(VENV)/.run-* && touch $@ $(RUN_STAMP)
