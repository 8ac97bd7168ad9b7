# `make` lists the targets.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
CAMEL ?= .venv-camel

.DEFAULT_GOAL := help
.PHONY: help setup core demo test test-camel lint types check gazetteers fit accuracy throughput parity clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

$(BIN)/arner: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	$(BIN)/python -m pip install --quiet --no-deps 'camel-tools>=1.6'
	@touch $(BIN)/arner

setup: $(BIN)/arner ## make .venv and install arner into it, editable, with the tools of development

core: setup ## build the compiled core again, where there is cargo
	$(BIN)/python core/build_core.py

demo: setup ## set up and tag the sample documents
	$(BIN)/arner tag seeds

lint: setup ## ruff, the gazetteer linter, and for the core clippy and rustfmt
	$(BIN)/ruff check .
	$(BIN)/arner gazetteer lint --quiet
	@if command -v cargo-clippy cargo-fmt >/dev/null; then cd core \
	&& cargo fmt --check && cargo clippy --release --offline --quiet -- -D warnings; fi

types: setup ## mypy, strict
	$(BIN)/mypy

test: setup core lint types ## lint, types and all tests
	$(BIN)/python -m pytest -n auto

$(CAMEL)/bin/arner: pyproject.toml
	$(PYTHON) -m venv $(CAMEL)
	$(CAMEL)/bin/python -m pip install --quiet --upgrade pip
# torch first, and pinned: a machine that has a build of this version for CPUs at hand then takes it, which spares
# several gigabytes; elsewhere any torch will do.
	$(CAMEL)/bin/python -m pip install --quiet torch==2.13.0 || $(CAMEL)/bin/python -m pip install --quiet torch
# Where camel-kenlm, which arner does not use, can't be built: CAMeL Tools with what arner uses of it.
	$(CAMEL)/bin/python -m pip install --quiet --editable '.[camel,dev]' \
	|| { $(CAMEL)/bin/python -m pip install --quiet --editable '.[camel-parts,dev]' \
	&& $(CAMEL)/bin/python -m pip install --quiet --no-deps 'camel-tools>=1.6'; }
	@touch $(CAMEL)/bin/arner

test-camel: $(CAMEL)/bin/arner ## set up CAMeL Tools with torch beside it, and test arner with both
	$(CAMEL)/bin/python -m pytest tests/test_camel*.py tests/test_engines.py

check: test test-camel ## what CI runs

gazetteers: setup ## build the lists that come from CLDR, GeoNames and word frequencies again
	$(BIN)/python -m pip install --quiet --editable '.[build]'
	$(BIN)/arner gazetteer import

fit: setup ## learn the weights again from the training corpora in ../shared
	$(BIN)/python -m pip install --quiet --editable '.[fit]'
	$(BIN)/python fit/fit.py

accuracy: setup ## measure precision, recall and F1
	$(BIN)/python benchmarks/accuracy.py

throughput: setup ## measure speed, start-up and memory
	$(BIN)/python benchmarks/throughput.py

parity: setup ## compare the folds and the cleaning with those of camel-tools
	$(BIN)/python benchmarks/parity.py

clean: ## remove what the other targets made
	rm -rf $(VENV) $(CAMEL) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis core/target src/arner/data
