# Everything a person or a build needs. Nothing has to be set up by hand.
PYTHON := .venv/bin/python
INPUTS := pyproject.toml constraints.txt tools/setup.sh
TESTS ?= tests --ignore=tests/end2end --ignore=tests/lab

.PHONY: help setup run test test-end2end test-lab bench catalogue clean
.PHONY: check check-style check-types check-imports check-texts

help:
	@echo "make run         the demo; off screen where there is no display"
	@echo "make test        the quick tests            make check      style, types, imports, texts"
	@echo "make test-end2end  the programs themselves  make test-lab   needs root and namespaces"
	@echo "make bench       the measurements           make catalogue  bring translations up to date"

setup: .venv/ready-run

.venv/ready-run: $(INPUTS)
	@tools/setup.sh run

.venv/ready-test: $(INPUTS)
	@tools/setup.sh test

run: setup
	@tools/run.sh

.venv/ready-lab: $(INPUTS)
	@tools/setup.sh lab

test: .venv/ready-test
	$(PYTHON) -m pytest -q -n auto --maxprocesses=4 --timeout=120 $(TESTS)

test-end2end: .venv/ready-test
	$(PYTHON) -m pytest -q --timeout=300 tests/end2end

test-lab: .venv/ready-lab
	$(PYTHON) -m pytest -q --timeout=300 tests/lab

check: check-style check-types check-imports check-texts

check-style: .venv/ready-test
	.venv/bin/ruff check
	.venv/bin/ruff format --check

check-types: .venv/ready-test
	.venv/bin/mypy

check-imports: .venv/ready-test
	.venv/bin/lint-imports

check-texts: .venv/ready-test
	$(PYTHON) -m tools.catalogue check

bench: .venv/ready-test
	$(PYTHON) -m bench

catalogue: .venv/ready-test
	$(PYTHON) -m tools.catalogue update

clean:
	rm -rf build .venv *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
