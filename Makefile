# Two commands matter: `make compare` and `make test`. Both set up what they need in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT ?= results
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

QUICK := tests/test_documents.py tests/test_odd.py tests/test_instruments.py tests/test_golden.py tests/test_house.py \
  tests/test_terms.py tests/test_scenario_shipped.py tests/experiments/test_messages.py tests/experiments/test_kinds.py

.PHONY: quick compare figure test lint slow bench documents expectations golden front instruments patterns record scales stories doubt known-worlds learned-logs paper site page wheel fonts installs clean

compare: $(VENV)/.runs
	@$(BIN)/whistle compare --out $(OUT)

# the figure of README.md, drawn anew by every comparison
figure: compare
	cp "$$(ls -t $(OUT)/compare-*/figures/worlds.png | head -n 1)" results/golden/readme.png

# the page of `whistle explore`, which needs more than `make compare` installs
page: $(VENV)/.page
	@$(BIN)/whistle explore

# one of the extras that the how-to page "Install" lists: make extra-studies
extra-%: $(BIN)/python
	$(PIP) --editable ".[$*]"

# a file of tests goes to one process, so that what its tests share is made once
test: $(VENV)/.tests
	$(BIN)/python -m pytest -n 2 --dist loadscope -q
	@$(MAKE) --no-print-directory lint

lint: $(VENV)/.tests
	$(BIN)/ruff check --ignore-noqa .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports

# what a changed declaration can break: two minutes
quick: $(VENV)/.tests
	$(BIN)/python -m pytest -n 2 --dist loadscope -q $(QUICK)

slow: $(VENV)/.tests
	$(BIN)/python -m pytest -n 2 --dist loadscope -q -m slow

bench: $(VENV)/.tests
	$(BIN)/whistle bench

# every document that is made from declarations and from what was measured
documents: $(VENV)/.all
	$(BIN)/python -m experiments.documents

# every instrument, or every expectation, on paired seeds and over plausible worlds: an hour each, which resumes when it
# is interrupted. IDS="R1 N4a" measures these rows alone; IDS=changed what is not measured as it is defined now;
# ONLY=reference or ONLY=worlds leaves the other part as it is
instruments expectations: $(VENV)/.runs
	$(BIN)/python -m experiments.evidence $@ $(IDS) $(if $(ONLY),--only $(ONLY)) --out $(OUT)
	@$(MAKE) --no-print-directory documents

# the stylised facts over plausible worlds, two seeds each, which every report shows: a quarter of an hour
patterns: $(VENV)/.runs
	$(BIN)/whistle patterns --pairs 80 --worlds 40 --set demand.scale=0.25 --out $(OUT)
	$(BIN)/python -m experiments.evidence patterns "$$(ls -td $(OUT)/patterns-* | head -n 1)"

# what the first page knows before anything is run: half an hour, which resumes when it is interrupted
front: $(VENV)/.runs
	$(BIN)/python -m experiments.evidence front --out $(OUT)

# from which size of the district an answer may be told: some minutes
scales: $(VENV)/.runs
	$(BIN)/whistle sweep scale --out $(OUT)
	$(BIN)/python -m experiments.evidence scales "$$(ls -td $(OUT)/scale-* | head -n 1)"
	@$(MAKE) --no-print-directory documents

# the cases that the page tells under both rules, after `make front`: half a minute
stories: $(VENV)/.runs
	$(BIN)/python -m experiments.evidence stories

# how the answer over worlds hangs on how these were made; NAMED="bands_widened=FILE …" adds tables of your own search
doubt: $(VENV)/.all
	$(BIN)/python -m experiments.evidence choices $(NAMED) --out $(OUT)
	@$(MAKE) --no-print-directory documents

# whether the search for worlds finds those that are known: a quarter of an hour
known-worlds: $(VENV)/.tests
	$(BIN)/python -m experiments.evidence known_worlds --out $(OUT)

# what `whistle fit` makes of real logs, which are no part of the repository: a quarter of an hour. DATA=FOLDER says where
# they are; LOGS="FILE …" runs these alone
learned-logs: $(VENV)/.all
	$(BIN)/python -m experiments.evidence learned_logs $(LOGS) $(if $(DATA),--data $(DATA)) --out $(OUT)
	@$(MAKE) --no-print-directory documents

# what the manuscript quotes: runs its studies at full size, about two hours on two cores, and keeps their results
record: $(VENV)/.all
	$(BIN)/python -m experiments.documents.manuscript --commands | while read -r whistle study; do \
	  $(BIN)/$$whistle $$study --quiet --out $(OUT) </dev/null || [ $$? = 3 ] || exit 1; done  # 3: less precise than asked, and said
	$(BIN)/python -m experiments.documents.manuscript --record $(OUT)

# the manuscript, paper/paper.pdf, from paper/record/, which `make record` makes
paper: $(VENV)/.runs
	$(BIN)/python -m experiments.documents.manuscript

# the documentation, English and Chinese; to read it: python3 -m http.server -d paper/site
site: $(VENV)/.tests
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --config-file paper/mkdocs.yml
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --config-file paper/mkdocs.zh.yml

# after a change of results: say in CHANGELOG.md whose
golden: $(VENV)/.runs
	$(BIN)/python -m experiments.evidence golden

# the wheel and the source distribution, in dist/: the same bytes wherever they are built from the same commit
wheel: $(VENV)/.tests
	rm -rf dist
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(BIN)/python -m build --no-isolation --outdir dist .
	$(BIN)/python -m twine check --strict dist/*

# the letters in experiments/typefaces, after new words came: make fonts BOLD=FILE, NotoSansSC_700Bold.ttf of the npm package
# @expo-google-fonts/noto-sans-sc
fonts: $(VENV)/.tests
	$(BIN)/python -m experiments.documents.fonts $(BOLD)

# what each extra costs, in fresh environments: some minutes
installs: $(VENV)/.runs
	$(BIN)/python -m experiments.evidence installs
	@$(MAKE) --no-print-directory documents

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/.runs: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable .
	@touch $@

$(VENV)/.page $(VENV)/.all: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable ".[$(@F:.%=%)]"
	@touch $@ $(VENV)/.runs

$(VENV)/.tests: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable ".[dev]"
	@touch $@ $(VENV)/.runs $(VENV)/.page $(VENV)/.all

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "'$(PYTHON)' was not found. On Debian or Ubuntu: \
	sudo apt-get install python3 python3-venv. Another Python: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "'$(PYTHON)' is older than 3.11. \
	Install a newer one and name it: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "'$(PYTHON)' cannot make a virtual environment. \
	On Debian or Ubuntu: sudo apt-get install python3-venv" >&2; exit 1; }
