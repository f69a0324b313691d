# Each target sets up what it needs, once. `make run PORT=8502` serves on another port.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
RUNNING := .venv/.installed
TESTING := .venv/.installed-for-tests

.PHONY: run setup test test-quick hooks check bench lab lab-runs real-runs clean

run: $(RUNNING)
	$(BIN)/streamlit run dashboard/app.py $(if $(PORT),--server.port $(PORT))

setup: $(TESTING)

test: $(TESTING)
	.ci/chromium.sh $(BIN)/python
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

# Without a browser, without kills and without what takes seconds.
test-quick: $(TESTING)
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not browser and not kills and not slow"

# Runs the commands of `make check` before every commit.
hooks: $(TESTING)
	$(BIN)/pre-commit install

check: $(TESTING)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

LAB := lab-en lab-en-zh lab-en-chat lab-mix lab-mix-switch lab-mix-chat
ASK = $(BIN)/python -m engine run --store data --dataset lab --probe cloze

# Trains the lab models, then asks them in every wording; what is asked last is what their own names stand for.
lab: $(RUNNING)
	$(BIN)/python -m engine lab train all --into data/models
	$(BIN)/python -m engine lab record --store data
	$(MAKE) lab-runs

lab-runs: $(addprefix lab-run-,$(LAB))

lab-run-%: $(RUNNING)
	$(ASK) --model $* --template plain --form question-1 --form question-2 --form question-3
	$(ASK) --model $* --template bare --form question-2 --form question-3
	$(ASK) --model $* --template bare --form statement-1 --form statement-2 --form statement-3
	$(ASK) --model $* --template bare --form question-1 --choose-by contrast
	$(ASK) --model $* --template bare --form question-1

REAL := gemma-3-270m smollm2-135m-instruct
TEN := en,de,fr,it,pl,ru,ar,he,zh,ja
ASK_REAL = $(BIN)/python -m engine run --store data --languages $(TEN) --model data/local/models/$*
CLOZE := --probe cloze --template plain
ORDERS := --probe letter --permute cyclic

# Asks the open models of the catalogue everything, in hours; `python -m engine models get NAME` brings them. What is
# asked last is what their own names stand for.
real-runs: $(addprefix real-run-,$(REAL))
	$(BIN)/python -m engine models record --store data

real-run-%: $(RUNNING)
	$(ASK_REAL) --dataset world --probe generation --limit 100
	$(if $(findstring instruct,$*),for chat in --chat ""; do \
	$(ASK_REAL) --dataset calendar $(ORDERS) $$chat && \
	$(ASK_REAL) --dataset world $(ORDERS) $$chat --limit 60 || exit 1; done)
	$(ASK_REAL) --dataset calendar $(CLOZE) --form question-1 --choose-by contrast
	$(ASK_REAL) --dataset world $(CLOZE) --form question-1 --choose-by contrast --limit 20
	for dataset in calendar world; do \
	$(ASK_REAL) --dataset $$dataset --probe cloze --template bare --form statement-1 && \
	$(ASK_REAL) --dataset $$dataset $(CLOZE) --form question-2 && \
	$(ASK_REAL) --dataset $$dataset $(CLOZE) --form question-1 || exit 1; done

bench: $(TESTING)
	.ci/chromium.sh $(BIN)/python
	$(BIN)/python -m tests.bench

clean:
	rm -rf .venv build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Isogloss needs Python 3.11 or newer; set PYTHON=/path/to/it"; exit 1; }
	$(PYTHON) -m venv .venv || { echo "The venv module is missing; on Debian: apt-get install python3-venv"; rm -rf .venv; exit 1; }

$(RUNNING): requirements.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements.txt
	touch $@

$(TESTING): $(RUNNING)
	$(BIN)/python -m pip install --disable-pip-version-check -e '.[test]'
	touch $@
