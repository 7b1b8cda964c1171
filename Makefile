# edgeperf_gui: `make run` opens the window, `make test` runs every check. Both build .venv first; a second run finds it ready.

VENV := .venv
PYTHON := $(VENV)/bin/python
ARGS ?=

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test bench lint constraints screenshots clean

help:
	@echo "make run          open the window, streaming the bundled clip (ARGS='...' is passed on)"
	@echo "make test         every check: style, types, import contracts, tests"
	@echo "make bench        the performance rows of the issues, on this machine"
	@echo "make lint         style, types and import contracts only"
	@echo "make constraints  choose the newest versions that pyproject.toml allows and pin them in constraints.txt"
	@echo "make screenshots  let the program take the README's pictures"
	@echo "make clean        remove .venv and all caches"

run: $(VENV)/.ready-run
	@sh scripts/setup.sh libraries run
	@$(PYTHON) -m edgeperf_gui $(ARGS)

test: export QT_QPA_PLATFORM := offscreen
test: lint
	@sh scripts/setup.sh libraries test
ifeq ($(strip $(ARGS)),)
	@failed=0; \
	echo "== pytest: what measures nothing, two at a time"; \
	$(PYTHON) -m pytest -n 2 --dist loadfile -m "not alone" || failed=1; \
	echo "== pytest: what measures, with the machine to itself"; \
	$(PYTHON) -m pytest -m alone || failed=1; \
	exit $$failed
else
	@echo "== pytest"
	@$(PYTHON) -m pytest $(ARGS)
endif

bench: $(VENV)/.ready-test
	@sh scripts/setup.sh libraries test
	@$(PYTHON) tests/benchmarks/run.py $(ARGS)

lint: $(VENV)/.ready-test
	@echo "== ruff check"
	@$(PYTHON) -m ruff check .
	@echo "== ruff format"
	@$(PYTHON) -m ruff format --check .
	@echo "== mypy"
	@$(PYTHON) -m mypy
	@echo "== lint-imports"
	@$(VENV)/bin/lint-imports

constraints:
	@sh scripts/setup.sh constraints

screenshots: export EDGEPERF_HOME := $(CURDIR)/.cache/screenshots
screenshots: export QT_QPA_PLATFORM := offscreen
screenshots: $(VENV)/.ready-run
	@sh scripts/setup.sh libraries run
	@mkdir -p docs/screenshots
	@for theme in dark light; do \
		$(PYTHON) -m edgeperf_gui --new --run-seconds 15.2 --size 1600x900 --theme $$theme --screenshot docs/screenshots/window-$$theme.png $(ARGS); \
	done

clean:
	rm -rf $(VENV) .venv-constraints build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .cache
	find edgeperf_gui tests -type d -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/.ready-run $(VENV)/.ready-test: $(VENV)/.ready-%: pyproject.toml constraints.txt scripts/setup.sh
	@sh scripts/setup.sh environment $*
	@touch $@
