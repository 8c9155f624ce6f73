# Set-up lives in .venv/; every verb does its own.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")
# The machine's own Python where it is new enough, else another that it has.
PYTHON ?= $(or $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	if $$python -c '$(NEW_ENOUGH)' 2>/dev/null; then echo $$python; break; fi; done),python3)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/ready
ARGS ?=

.PHONY: demo test lint faults soak rolling audit bench docs clean python
.DEFAULT_GOAL := test

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -c '$(NEW_ENOUGH)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

demo: $(STAMP)
	$(BIN)/python -m chatbot.sandbox.demo $(ARGS)

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint
	$(BIN)/python -m pytest --numprocesses 6 --dist worksteal $(ARGS)

faults: $(STAMP)
	ALL_FAULTS=1 $(BIN)/python -m pytest --numprocesses 4 tests/fault $(ARGS)

soak: $(STAMP)
	SOAK_SECONDS=3600 STOP_SECONDS=300 $(BIN)/python -m pytest --numprocesses 3 tests/fault/test_kill_random.py tests/fault/test_stop.py $(ARGS)

# What the benchmark measures ours beside has an environment of its own, so that it holds none of our versions back.
ECHOES := $(VENV)/echoes
$(ECHOES)/ready: tests/benchmarks/echoes.lock $(STAMP)
	$(PYTHON) -m venv $(ECHOES)
	$(ECHOES)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	touch $@

# So has what examines the dependencies: it is none of them.
AUDIT := $(VENV)/audit
$(AUDIT)/ready: tests/audit.lock $(STAMP)
	$(PYTHON) -m venv $(AUDIT)
	$(AUDIT)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	touch $@

audit: $(AUDIT)/ready
	$(AUDIT)/bin/python -m tests.audit

# An older version's own tests, on the schema of this one.
rolling: $(STAMP)
	$(BIN)/python -m tests.rolling $(FROM) $(ARGS)

bench: $(ECHOES)/ready
	$(BIN)/python -m tests.benchmarks.run $(ARGS)

docs: $(STAMP)
	$(BIN)/python -m pytest tests/unit/test_docs.py

# Names the Python that the set-up takes.
python:
	@echo $(PYTHON)

clean:
	rm -rf $(VENV) var build *.egg-info .mypy_cache .ruff_cache
