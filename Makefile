# `make run` starts Xushi on this machine; `make help` lists the rest.
PYTHON := .venv/bin/python
PINS := .venv/bin/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 \
	--no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make pins"

.PHONY: help setup run test faults bench bench-rollup shots lint pins

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

setup: ## virtual environment, packages, front-end files
	@./setup-machine.sh

# the demonstration, unless a database or production was set
run: ## web, worker and schedule in one go (PORT=8000); DEMO=0 starts a city of your own, with nothing in it
	@./setup-machine.sh
	@export XUSHI_STAGE="$${XUSHI_STAGE:-$(if $(filter 0 no false,$(DEMO))$(DATABASE_URL)$(XUSHI_PRODUCTION),false,true)}"; \
	exec $(PYTHON) manage.py run $(if $(filter 0 no false,$(DEMO)),--empty)

test: ## every test on SQLite and on PostgreSQL, and the browser journeys
	@./setup-machine.sh test
	@exec $(PYTHON) -m tests.everything

faults: ## processes that are killed, and a real Redis, on both databases
	@./setup-machine.sh test
	XUSHI_TEST_DATABASE=sqlite $(PYTHON) -m pytest -m "faults or not faults" tests/faults
	XUSHI_TEST_DATABASE=postgres $(PYTHON) -m pytest -m "faults or not faults" tests/faults

bench: ## what each page costs, as a multiple of a constant page (ROUNDS=60)
	@./setup-machine.sh test
	@exec $(PYTHON) -m tests.benchmarks

bench-rollup: ## what a roll-up costs, as a multiple of bare SQL over the same rows, on both databases (ROUNDS=5; PROVINCE=1 a province on PostgreSQL)
	@./setup-machine.sh test
	@exec $(PYTHON) -m tests.benchmarks.rollups

shots: ## pictures of every page of every role into var/shots, those of the README into docs/img
	@./setup-machine.sh test
	@exec $(PYTHON) -m tests.browser.shots

lint: ## style, types, templates, import rules
	@./setup-machine.sh test
	$(PYTHON) -m ruff check
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m mypy
	.venv/bin/lint-imports
	$(PYTHON) -m djlint templates --lint --quiet
	.venv/bin/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml

pins: ## writes the pinned requirements anew from the .in files (UPGRADE=--upgrade takes newer ones)
	@./setup-machine.sh test
	$(PINS) $(UPGRADE) requirements.in --output-file requirements.txt
	$(PINS) $(UPGRADE) --constraint requirements.txt requirements-dev.in --output-file requirements-dev.txt
	$(PINS) $(UPGRADE) requirements-assets.in --output-file requirements-assets.txt
