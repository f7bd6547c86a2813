# Two commands do the work: `make book` builds the book, `make test` runs every test. Neither measures time: `make bench`.
# Everything is installed into .venv, from requirements.txt alone: each package in one version, with its hashes.

PYTHON ?= python3
TEXTS ?=
STUDY ?=
BIN := .venv/bin
INSTALLED := .venv/.installed
STRICT := -n -W --keep-going

# With STUDY=<folder> a command is about that study; its book is the folder `book` in it, built below _build/studies.
ifneq ($(STUDY),)
ifneq ($(words $(STUDY)),1)
$(error STUDY=$(STUDY) holds a space, which make takes for the end of a name: reach the folder by a link without one)
endif
ifeq ($(wildcard $(STUDY)/study.yml),)
$(error STUDY=$(STUDY) holds no study.yml: name the folder of a study)
endif
export MANYVECTORS_STUDY := $(abspath $(STUDY))
BOOK := $(MANYVECTORS_STUDY)/book
OUT := _build/studies/$(notdir $(MANYVECTORS_STUDY))
else
BOOK := .
OUT := .
endif
ifneq ($(TEXTS),)
export MANYVECTORS_TEXTS := $(abspath $(TEXTS))
OUT := $(OUT:.=_build)/with-texts
endif
BUILT := $(OUT)/_build
SITE := $(BUILT)/html
# Passages reach a page only where TEXTS asks for them, whatever the environment says.
BUILD = $(if $(TEXTS),,env -u MANYVECTORS_TEXTS -u MANYVECTORS_DECREES) \
	$(BIN)/jupyter-book build "$(BOOK)" --path-output "$(OUT)" $(STRICT)

# Chapters and tests run several at a time, each with one thread for its sums: threads of several processes wait for each
# other's cores, and some sums took twice as long.
$(BUILT)/.book test-package test-site outputs: export OMP_NUM_THREADS ?= 1

# Kernels would compile the package anew, five chapters five times, where a machine forbids to keep the bytecode.
export PYTHONDONTWRITEBYTECODE =

need = @test -n "$($1)" || { echo "say where the texts are: make $@ $1=<archive or folder>"; exit 2; }

.PHONY: installed book pdf serve same test test-package test-site outputs lab lab-installed alone data verify ideal power yardstick states claims-of-states bench lock clean
.PHONY: gettext pseudo

# With TEXTS=<archive or folder> the book also shows passages, and is built beside the other one.
book: $(BUILT)/.book
	@echo "The book is ready: open $(CURDIR)/$(SITE)/index.html"

# What a build reads. The last is the commit, which a page names.
PAGES := $(if $(STUDY),"$(BOOK)") book notebooks $(if $(STUDY),,_config.yml _toc.yml CITATION.cff LICENSE)
READ := $(shell find $(PAGES) -type f -not -path 'book/web/*' -not -path '*/.ipynb_checkpoints/*' 2>/dev/null) \
	$(wildcard $(shell git rev-parse --git-path logs/HEAD 2>/dev/null))
$(BUILT)/.book: $(INSTALLED) $(BUILT)/.inputs $(BUILT)/.site $(READ)
	@test -f "$(BOOK)/_toc.yml" || { echo "$(BOOK) holds no book: _toc.yml and _config.yml are missing"; exit 2; }
	$(if $(STUDY),$(BIN)/python -m manyvectors study chapters "$(BOOK)")
	$(BUILD) --quiet
	touch $@

# The whole book on paper, printed by Chromium from the pages of the website.
pdf: book
	$(BIN)/python -m manyvectors.site.pdf --book "$(BOOK)" --site "$(SITE)" --out-folder "$(BUILT)/pdf"

serve: book
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory "$(SITE)" 8000

# With `make -j 2 test` the book is built while the tests run that need no page of it.
PYTEST := env -u MANYVECTORS_STUDY -u MANYVECTORS_SITE $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder
test: test-package test-site

# nbval re-executes every notebook and compares all outputs with the stored ones.
test-package: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(PYTEST) tests notebooks --ignore tests/site --nbval --nbval-current-env

# The printed book is looked at where there is one; `make pdf test` prints it first.
test-site: $(BUILT)/.book | $(filter pdf,$(MAKECMDGOALS))
	$(PYTEST) tests/site

# Catalogues for translators, of the prose and of what code says: a file for each page, and manyvectors.pot.
LANGUAGES := $(BUILT)/languages
CATALOGUES := $(BIN)/python -m manyvectors.site.translations
READING := -q $(STRICT) -D nb_execution_mode=off
gettext: $(INSTALLED)
	$(BIN)/jupyter-book config sphinx "$(BOOK)"
	rm -rf $(LANGUAGES)
	$(BIN)/sphinx-build -b gettext $(READING) -d $(LANGUAGES)/read "$(BOOK)" $(LANGUAGES)/gettext
	$(CATALOGUES) messages "$(BOOK)" $(LANGUAGES)/gettext

# The whole book in a language that nobody speaks: each sentence marked, no number lost. Some six minutes of one core.
pseudo: gettext
	$(CATALOGUES) pseudo $(LANGUAGES)/gettext $(LANGUAGES)/locale
	$(BIN)/sphinx-build -b html $(READING) -D language=en_XA -D locale_dirs="$(abspath $(LANGUAGES)/locale)" \
		-d $(LANGUAGES)/pseudo "$(BOOK)" $(LANGUAGES)/html
	$(CATALOGUES) numbers $(LANGUAGES)/read $(LANGUAGES)/pseudo

# Re-execute the notebooks and store their outputs, and what a page shows of commands, after a change that is meant to
# change them.
outputs: $(INSTALLED)
	$(BIN)/python tests/store_outputs.py
	$(BIN)/python tests/store_printed.py

# A window in which the notebooks are read, changed and run.
lab: lab-installed
	$(BIN)/jupyter lab notebooks
lab-installed: $(INSTALLED)
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-lab.txt

# Chapters with nothing but a Python, the wheel and an empty folder, as a reader of the site has them.
alone: $(INSTALLED)
	$(BIN)/python tests/alone.py $(PYTHON)

data: $(INSTALLED)
	$(call need,TEXTS)
	$(BIN)/python -m manyvectors data --texts "$(TEXTS)"

verify: $(INSTALLED)
	$(call need,TEXTS)
	$(BIN)/python -m manyvectors verify --texts "$(TEXTS)"

# Where states stand in the General Assembly, with intervals from refits: some five minutes on two cores.
ideal: $(INSTALLED)
	$(BIN)/python -m manyvectors ideal

# What the rule of every claim could have seen, as a table: after a change of an instrument or a rule; a minute.
power: $(INSTALLED)
	$(BIN)/python -m manyvectors power

# What is known to be true of the texts that are held, and how short they may be: after a change of a method; minutes.
yardstick: $(INSTALLED)
	$(BIN)/python -m manyvectors yardstick

# What the pages of states show, for every state; `make book` does it too, when data or code have changed.
states: $(INSTALLED)
	$(BIN)/python -m manyvectors states --out "$(BUILT)/hand-over/static/explorer/data/states"

# Every instrument for every state that has spoken often enough: half an hour.
claims-of-states: $(INSTALLED)
	$(BIN)/python -m manyvectors claims-of-states

# All that is timed: the package beside other tools, the explorer, and the heaviest pages in Lighthouse.
bench: $(INSTALLED) $(BUILT)/.book
	$(BIN)/uv pip install --quiet --python $(BIN)/python -e ".[bench]"
	$(BIN)/python -m pytest tests/bench.py tests/bench_large.py tests/site/bench_site.py -p no:xdist --benchmark-columns=median,iqr,rounds \
		--benchmark-sort=name

# Two builds of the last commit, in two folders, with all files compared: some five minutes.
same: $(INSTALLED)
	$(BIN)/python tests/same.py

# What stands in the locks stays in its version as long as it may; UPGRADE=--upgrade takes the newest.
COMPILE = $(BIN)/uv pip compile $(UPGRADE) --universal --python-version 3.11 --generate-hashes --no-header --quiet
lock: $(INSTALLED)
	echo "uv>=0.9,<0.10" | $(COMPILE) - --output-file .ci/uv.txt
	$(COMPILE) pyproject.toml --extra book --extra test --output-file requirements.txt
	$(COMPILE) pyproject.toml --extra lab --constraint requirements.txt --output-file requirements-lab.txt

clean:
	rm -rf .venv _build .pytest_cache .ruff_cache .hypothesis .benchmarks *.egg-info

# uv does in half a minute what pip does in three, and writes the same files.
installed: $(INSTALLED)
$(INSTALLED): requirements.txt pyproject.toml .ci/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
		{ echo "Python 3.11, 3.12 or 3.13 is needed; name one with PYTHON=..."; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r .ci/uv.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	touch $@

# Cached notebook outputs are keyed by the notebook alone; when code, data or the study change they must go.
STUDIED := $(if $(STUDY),$(shell find "$(MANYVECTORS_STUDY)" -type f -not -path '$(BOOK)/*'))
$(BUILT)/.inputs: $(shell find manyvectors data -type f -not -name '*.pyc' -not -path 'manyvectors/site/*') $(STUDIED) requirements.txt
	rm -rf $(BUILT)/.jupyter_cache
	mkdir -p $(BUILT)
	touch $@

# Sphinx reads only pages whose source changed; what our extension notes of every page must then be noted afresh.
$(BUILT)/.site: $(shell find manyvectors/site book/web -type f -not -name '*.pyc') $(wildcard $(BOOK)/_config.yml) requirements.txt
	rm -rf $(SITE) $(BUILT)/.doctrees
	mkdir -p $(BUILT)
	touch $@
