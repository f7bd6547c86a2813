# Two commands do the work: `make book` builds the book, `make test` runs every test.
# Everything is installed into .venv, from requirements.txt alone.

PYTHON ?= python3
TEXTS ?=
BIN := .venv/bin
INSTALLED := .venv/.installed
STRICT := -n -W --keep-going
BUILD = $(BIN)/jupyter-book build . $(STRICT)

# Kernels would compile the package anew, five chapters five times, where a machine forbids to keep the bytecode.
export PYTHONDONTWRITEBYTECODE =

need = @test -n "$($1)" || { echo "say where the texts are: make $@ $1=<archive or folder>"; exit 2; }

.PHONY: book serve test outputs data verify bench lock clean

# With TEXTS=<archive or folder> the book also shows passages, and is built beside the other one.
book: $(INSTALLED) _build/.inputs _build/.site
ifdef TEXTS
	MANYVECTORS_TEXTS="$(abspath $(TEXTS))" $(BUILD) --path-output _build/with-texts
	@echo "The book is ready: open $(CURDIR)/_build/with-texts/_build/html/index.html"
else
	$(BUILD)
	@echo "The book is ready: open $(CURDIR)/_build/html/index.html"
endif

# The whole book on paper, printed by Chromium from the pages of the website.
.PHONY: pdf
pdf: book
ifdef TEXTS
	$(BIN)/python -m manyvectors.web.pdf --site _build/with-texts/_build/html --out _build/with-texts/pdf/many-vectors.pdf
else
	$(BIN)/python -m manyvectors.web.pdf
endif

serve: book
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory _build/html 8000

# What is timed runs last and alone. nbval re-executes every notebook and compares all outputs with the stored ones.
test: $(INSTALLED) _build/.inputs _build/.site
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BUILD) --quiet
	$(BIN)/python -m pytest --nbval --nbval-current-env -n 2 --dist loadfile -m "not alone"
	$(BIN)/python -m pytest tests -m alone

# Re-execute the notebooks and store their outputs, after a change that is meant to change them.
outputs: $(INSTALLED)
	$(BIN)/python tests/store_outputs.py

data: $(INSTALLED)
	$(call need,TEXTS)
	$(BIN)/python -m manyvectors data --texts "$(TEXTS)"

verify: $(INSTALLED)
	$(call need,TEXTS)
	$(BIN)/python -m manyvectors verify --texts "$(TEXTS)"

bench: $(INSTALLED)
	$(BIN)/python -m pip install --disable-pip-version-check --quiet -e ".[bench]"
	$(BIN)/python -m pytest tests/bench.py -p no:xdist --benchmark-columns=median,iqr,rounds --benchmark-sort=name

lock: $(INSTALLED)
	$(BIN)/python -m pip install --quiet "uv==0.9.*"
	$(BIN)/uv pip compile pyproject.toml --extra book --extra test --universal --python-version 3.11 --no-header --quiet --output-file requirements.txt
	echo "-e ." >> requirements.txt

clean:
	rm -rf .venv _build .pytest_cache .ruff_cache .hypothesis .benchmarks *.egg-info

$(INSTALLED): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
		{ echo "Python 3.11, 3.12 or 3.13 is needed; name one with PYTHON=..."; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --disable-pip-version-check --quiet -r requirements.txt
	touch $@

# Cached notebook outputs are keyed by the notebook alone; when code or data change they must go.
_build/.inputs: $(shell find manyvectors data -type f -not -name '*.pyc' -not -path 'manyvectors/web/*') requirements.txt
	rm -rf _build/.jupyter_cache _build/with-texts/_build/.jupyter_cache
	mkdir -p _build
	touch $@

# Sphinx writes only pages whose source changed; what our extension does to every page must then be done afresh.
_build/.site: $(shell find manyvectors/web book/web -type f -not -name '*.pyc') _config.yml requirements.txt
	rm -rf _build/html _build/.doctrees
	mkdir -p _build
	touch $@
