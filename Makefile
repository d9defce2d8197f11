# Two commands: `make compare` and `make test`. Both set everything up first; they need Python >= 3.11, make and git.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
TESTS := $(VENV)/.tests-installed
# A line for each package, and a bar for each download: whoever waits sees what for.
PIP := --disable-pip-version-check --no-input --progress-bar on

# Processes of one thread each that run tests: three on two cores, as some wait; a fourth takes more time to begin than
# it saves. A file stays in one process, which makes what its tests share, and compiles what they need, once.
TESTERS ?= 3

.PHONY: setup tests compare verdict picture package resources bench steady test pytest fuzz kills braket lint format notebooks docs lock clean

setup: $(STAMP)

# What `make compare` takes: the suite with the extras [ibm], [cluster] and [annealing].
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if v >= (3, 11) else f"quantum-tickets needs Python 3.11 or newer; {sys.executable} is {v.major}.{v.minor}. Name a newer one: make PYTHON=python3.12 setup")'
	@echo "Installing $$(grep -c '==' requirements.lock) packages into $(VENV): a few minutes the first time."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install $(PIP) --require-hashes -r requirements.lock
	$(BIN)/python -m pip install $(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

# And what tests, benchmarks, notebooks and documentation take beside it, in the same environment.
tests: $(TESTS)

$(TESTS): locks/test $(STAMP)
	@echo "Installing what tests and documentation take, $$(grep -c '==' locks/test) packages in all: a few minutes the first time."
	$(BIN)/python -m pip install $(PIP) --require-hashes -r locks/test
	@touch $@

compare: setup
	$(BIN)/tickets compare

# Five papers' claims on one page, runs/verdict/report.html; what is finished is not run again.
verdict: setup
	$(BIN)/tickets verdict --workers 2

# Renews the picture of the verdict in the README and on the site, and the numbers that it is drawn of.
picture: verdict
	cp runs/verdict/verdict.png runs/verdict/verdict.json docs/

resources: setup
	$(BIN)/tickets circuit --encoding rader --table

# Builds sdist and wheel into dist/, and tries both, and the extras, and the wheel as a tool of uv or pipx, in environments
# of their own. Several minutes; not part of `make test`.
package: setup
	.ci/package $(PYTHON)

# A few minutes on two cores; BENCH_SMOKE=1 runs everything at tiny sizes instead, in under one.
bench: tests
	$(BIN)/python -m pytest benchmarks --benchmark-quiet

# The default crossover five times on the machine as it is and five times beside four busy processes: hours. What is
# finished is kept, and the same command goes on; STEADY="--runs 2 -- --dimensions 2,4" asks for less.
STEADY ?=
steady: tests
	$(BIN)/python -m benchmarks.steady_crossings $(STEADY)

# The checks run beside the tests. One that fails is told at once, and ends it when the tests are done.
test: tests
	@$(MAKE) --no-print-directory --jobs 2 lint pytest

# Compiled Python is kept, whatever the environment says: all processes and some hundred children read the same files.
pytest: tests
	PYTHONDONTWRITEBYTECODE= OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n $(TESTERS) --dist loadfile --no-loadscope-reorder

# Files of finished runs changed in 10,000 ways; `make test` tries 150.
MUTATIONS ?= 10000
fuzz: tests
	MUTATIONS=$(MUTATIONS) OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest tests/fuzz -n $(TESTERS) --dist load

# Kills while circuits are submitted to services and fetched, and while studies run, 200 for each, and a disk that is full
# at each step of writing; `make test` tries a few dozen.
KILLS ?= 200
KILLED := tests/compare/hardware/test_ionq.py tests/compare/hardware/test_kill_points.py \
	tests/compare/hardware/test_full_disk.py tests/compare/engine/test_kill_points.py
kills: tests
	KILLS=$(KILLS) OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest $(KILLED) -k 'kill or disk'

# Amazon's client excludes dask's distributed, and so stands in an environment of its own, without the extra [cluster].
# This builds it and runs its tests there, 200 kills among them; KILLS=24 asks for fewer.
BRAKET := .venv-braket
BRAKET_TESTS := tests/compare/hardware/test_braket.py tests/quantum/backends/braket
braket: $(BRAKET)/.installed
	KILLS=$(KILLS) OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BRAKET)/bin/python -m pytest $(BRAKET_TESTS)

$(BRAKET)/.installed: locks/braket pyproject.toml
	@echo "Installing $$(grep -c '==' locks/braket) packages into $(BRAKET): a few minutes the first time."
	$(PYTHON) -m venv $(BRAKET)
	$(BRAKET)/bin/python -m pip install $(PIP) --require-hashes -r locks/braket
	$(BRAKET)/bin/python -m pip install $(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

lint: tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: tests
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

notebooks: tests
	$(BIN)/jupyter-execute --inplace notebooks/*.ipynb

# The site: docs/_build/html/index.html, readable without a server or a network.
docs: tests
	$(BIN)/python -m sphinx --quiet --fail-on-warning --keep-going -b html docs docs/_build/html
	@echo "The site is docs/_build/html/index.html"

# Renews the locks; needs uv (pip install uv). Each serves every platform, CPython 3.11 to 3.14. The second has all but
# Amazon's client, and what the first has in the same versions; the third has that, and for it
# an older cloudpickle and joblib.
EXTRAS := $(addprefix --extra ,annealing cluster estimate ibm ionq nqs parquet tensor docs dev)
LOCK := uv pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 --generate-hashes --no-header
lock:
	$(LOCK) --upgrade --group build --extra ibm --extra cluster --extra annealing pyproject.toml -o requirements.lock
	$(LOCK) --upgrade --group build $(EXTRAS) --constraint requirements.lock pyproject.toml -o locks/test
	@set -e; same=$$(mktemp); trap 'rm -f "$$same"' EXIT; \
	grep -o '^[A-Za-z0-9._-]*==[^ ]*' locks/test | grep -v -e '^cloudpickle==' -e '^joblib==' > "$$same"; \
	$(LOCK) --no-annotate --upgrade --group build --extra ibm --extra ionq --extra braket --extra dev --constraint "$$same" \
		pyproject.toml -o locks/braket

clean:
	rm -rf $(VENV) $(BRAKET) runs docs/_build
