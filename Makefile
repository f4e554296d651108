# Two commands do nearly everything: `make run` and `make test`.
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet
REQUIRE_ALL := $(RECADO_REQUIRE_ALL)

.DEFAULT_GOAL := help
.PHONY: help run demo test test-shop test-shop-magento lint format bench bench-shop audit plugin plugin-texts lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Recado needs Python 3.11 or newer: call make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing the sidecar into $(VENV) ..."
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@echo "Installing what the tests need into $(VENV) ..."
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

run: $(VENV)/.runtime ## Start the sidecar with a demo shop on the simulator
	@$(BIN)/recado db upgrade
	@$(BIN)/recado setup
	@exec $(BIN)/recado serve

demo: $(VENV)/.runtime ## Feed real deliveries to the running sidecar and watch the texts leave
	@$(BIN)/recado demo

lint: $(VENV)/.dev ## ruff and mypy --strict
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: $(VENV)/.dev ## Let ruff put the code in order
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

# Four processes for two cores: many tests wait for others. In the order of the folders, so that those come first that
# take longest.
test: $(VENV)/.dev ## All tests, on SQLite and PostgreSQL, in four processes
	@tests/machine.sh
	@$(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder

test-shop: $(VENV)/.dev ## Drive a real shop in a browser: WORDPRESS_DIR=... WOOCOMMERCE_DIR=...
	@$(BIN)/python -m pytest tests/shops/woo

test-shop-magento: $(VENV)/.dev ## Drive a real Magento store in a browser and by REST: MAGENTO_DIR=...
	@MAGENTO_DIR="$(MAGENTO_DIR)" $(BIN)/python -m pytest tests/shops/magento

bench: $(VENV)/.dev ## Measure speed and memory, each beside its limit
	@$(BIN)/python -m tests.bench

bench-shop: $(VENV)/.dev ## What the plugin costs the checkout of a real shop: folders as for test-shop
	@$(BIN)/python -m tests.shops.woo.bench

plugin: $(BIN)/python ## Pack the WooCommerce plugin as shops install it
	@$(BIN)/python connectors/woocommerce/plugin/pack.py dist/recado.zip
	@echo "dist/recado.zip"

plugin-texts: ## Collect the plugin's texts, merge them into its translations, compile those (needs gettext)
	@connectors/woocommerce/plugin/texts.sh

audit: $(VENV)/.dev ## Known vulnerabilities in what we depend on
	@$(BIN)/pip-audit --require-hashes --disable-pip -r requirements.lock

lock: ## Pin the newest versions of all dependencies (needs uv)
	@uv pip compile --quiet --upgrade --no-header --generate-hashes --python-version 3.11 --extra build pyproject.toml -o requirements.lock
	@uv pip compile --quiet --no-header --generate-hashes --python-version 3.11 --extra build --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean: ## Remove the environment and what was built; keeps ./data
	@rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
