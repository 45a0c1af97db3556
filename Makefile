# Needs Python 3.11 or newer, make, and a package index that pip can reach. "make help" tells what there is.

PYTHON ?= $(shell for each in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

# The gold reports, where they are at hand: tests that need them are skipped without.
KG_GOLD_DIR ?= $(abspath $(wildcard ../shared/gold))
export KG_GOLD_DIR

# What the benchmark reads: the reports beside the gold facts, or without them the held-out reports of tests/.
REPORTS ?= $(if $(KG_GOLD_DIR),$(wildcard $(dir $(KG_GOLD_DIR:/=))reports/*.txt))

.PHONY: help demo test endurance lint format benchmark benchmark-graph benchmark-exports benchmark-pictures benchmark-builds benchmark-cluster lock clean

help: ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## */  make \1\t/' | expand -t 24

demo: $(VENV)/.package ## install, build the bundled samples, name the page to open
	@$(BIN)/kg demo --home output
	@echo "Open output/index.html in a browser."

test: lint ## check style and types, then run every test (less than 15 minutes)
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

endurance: $(VENV)/.test $(VENV)/.package ## the long forms of tests: minutes of load on the server, long fuzzing
	$(BIN)/python -m pytest -m endurance -s

lint: $(VENV)/.test $(VENV)/.package ## check style and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check --output-format concise
	$(BIN)/mypy

format: $(VENV)/.test ## lay out the code and mend what can be mended by itself
	$(BIN)/ruff check --fix --quiet
	$(BIN)/ruff format

benchmark: $(VENV)/.package ## time the extraction and the resolving of names beside their baselines
	$(BIN)/python -m tests.benchmarks.extraction $(REPORTS)
	$(BIN)/python -m tests.benchmarks.resolve_names

QUADS ?= 5000000
benchmark-graph: $(VENV)/.package ## make a graph of 5 million quads (or QUADS=...) and time the queries on it
	$(BIN)/python -m tests.benchmarks.graph_queries --quads $(QUADS)

FACTS ?= 50000
benchmark-exports: $(VENV)/.package $(VENV)/.test ## make a graph of 50,000 facts (or FACTS=...) and time what kg export writes
	$(BIN)/python -m tests.benchmarks.exports --facts $(FACTS)

benchmark-pictures: $(VENV)/.package ## time pictures of 1,000 to 20,000 nodes in the browser, beside plain pyvis
	$(BIN)/python -m tests.benchmarks.pictures

REPORTS_MADE ?= 1000
SAMPLE ?= 200
benchmark-builds: $(VENV)/.package $(VENV)/.test ## make 1,000 reports (or REPORTS_MADE=...) and time their builds
	$(BIN)/python -m tests.benchmarks.builds --reports $(REPORTS_MADE) --sample $(SAMPLE)

benchmark-cluster: $(VENV)/.package $(VENV)/.test ## time two workers of a Dask cluster beside one, and what reports cost by kind of file
	$(BIN)/python -m tests.benchmarks.cluster
	$(BIN)/python -m tests.benchmarks.report_costs $(wildcard kg/samples tests/heldout/*/reports) $(REPORTS)

# ---- the environment; each file is a stamp, so that a second run installs nothing

$(BIN)/pip:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer was not found; name one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "$(PYTHON) cannot make virtual environments (Debian: apt-get install python3-venv)" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)

$(VENV)/.runtime: requirements.lock | $(BIN)/pip
	$(PIP) --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.test: requirements-test.lock $(VENV)/.runtime
	$(PIP) --require-hashes -r requirements-test.lock
	@touch $@

$(VENV)/.package: pyproject.toml hatch_build.py kg/page/vega-licences.txt $(VENV)/.runtime
	$(PIP) --no-deps --editable .
	@touch $@

# ---- the lock files: exact versions with hashes, for every platform and every Python from 3.11 on

LOCK = build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-emit-index-url --no-header $(if $(UPGRADE),--upgrade)

lock: ## write the lock files anew from pyproject.toml (UPGRADE=1: with the newest versions)
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip --disable-pip-version-check install --quiet 'uv>=0.9,<1'
	$(LOCK) --output-file requirements.lock pyproject.toml
	$(LOCK) --output-file requirements-test.lock --constraints requirements.lock --extra test pyproject.toml

clean: ## remove what was made: the environment, the charting library, caches, the demo's graph
	rm -rf $(VENV) build dist kg/page/vega.js .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
	find output -mindepth 1 -not -name .gitkeep -delete
