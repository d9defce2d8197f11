# Two commands: `make compare` and `make test`. Both set everything up first; they need Python >= 3.11, make and git.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

# Processes of one thread each that run tests: three on two cores, as some wait. A file stays in one process, which makes
# what its tests share, and compiles what they need, once.
TESTERS ?= 3

.PHONY: setup compare resources bench test lint format notebooks docs lock clean

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if v >= (3, 11) else f"quantum-tickets needs Python 3.11 or newer; {sys.executable} is {v.major}.{v.minor}. Name a newer one: make PYTHON=python3.12 setup")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

compare: setup
	$(BIN)/tickets compare

resources: setup
	$(BIN)/tickets circuit --encoding rader --table

# A few minutes on two cores; BENCH_SMOKE=1 runs everything at tiny sizes instead, in under one.
bench: setup
	$(BIN)/python -m pytest benchmarks --benchmark-quiet

test: setup lint
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n $(TESTERS) --dist loadfile --no-loadscope-reorder

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

notebooks: setup
	$(BIN)/jupyter-execute --inplace notebooks/*.ipynb

# The site: docs/_build/html/index.html, readable without a server or a network.
docs: setup
	$(BIN)/python -m sphinx --quiet --fail-on-warning --keep-going -b html docs docs/_build/html
	@echo "The site is docs/_build/html/index.html"

# Renews the lock; needs uv (pip install uv). One lock serves every platform, CPython 3.11 to 3.14.
lock:
	uv pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 --generate-hashes --no-header \
		--upgrade --all-extras pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) runs docs/_build
