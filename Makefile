# The two commands that matter are `make serve` and `make test`; `make help` lists all.
PYTHON ?= python3
VENV   ?= .venv
PORT   ?= 8000
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
# npm and node come from the environment. Its path is asked of the shell: make takes a path with blanks for several.
NODE    = export PATH="$$(cd "$(BIN)" && pwd):$$PATH"

# Tests start processes by the hundred; without bytecode each of them would first compile two hundred modules of ours.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install frontend serve build check test test-quick coverage mutants fuzz lint format lock screenshots bench-endpoint bench-scale bench-berlin diagram wheel clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' Makefile

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name it with: make PYTHON=python3.12 …" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: $(VENV)/.made requirements.lock pyproject.toml
	@echo "Installing the locked dependencies …"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --require-hashes -r requirements-build.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# The pages work without their scripts, so a build that fails (no npm registry) keeps nothing from being served.
FRONTEND := $(wildcard server/frontend/src/*) $(wildcard server/frontend/*.js*)
$(VENV)/.frontend: $(VENV)/.runtime requirements-frontend.lock $(FRONTEND)
	@echo "Building the scripts of the pages …"
	@$(PIP) install --require-hashes -r requirements-frontend.lock && $(NODE) \
	  && (cd server/frontend && npm ci --silent --no-audit --no-fund --ignore-scripts && npm run --silent build -- --log-level=warning) \
	  && touch $@ \
	  || echo "The scripts could not be built; the pages do without them." >&2

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.lock
	@echo "Installing the locked test tools …"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

# A client that the endpoint is tested with; where npm can't install it, its tests skip and say so.
COMUNICA := tests/sparql/comunica
$(VENV)/.comunica: $(VENV)/.frontend $(COMUNICA)/package.json $(COMUNICA)/package-lock.json
	@echo "Installing Comunica, a client for the tests …"
	@$(NODE) && (cd $(COMUNICA) && npm ci --silent --no-audit --no-fund --ignore-scripts) && touch $@ \
	  || echo "Comunica could not be installed; the tests that need it will skip." >&2

# ROBOT knows the profiles of OWL; where Maven can't fetch it, or what it fetches isn't what is locked, its tests skip and say so.
ROBOT := tests/ontology/robot
MAVEN_COPY := org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies
$(VENV)/.robot: $(VENV)/.made $(ROBOT)/pom.xml $(ROBOT)/SHA256SUMS
	@echo "Fetching ROBOT, for the tests of the ontology …"
	@cd $(ROBOT) && rm -rf lib && mvn -q -B -Dstyle.color=never $(MAVEN_COPY) -DoutputDirectory=lib \
	  && (cd lib && sha256sum --quiet --check ../SHA256SUMS) && touch "$$OLDPWD/$@" \
	  || { rm -rf lib; echo "ROBOT could not be fetched; the tests that need it will skip." >&2; }

install: $(VENV)/.runtime ## create the environment and install what is locked

check: $(VENV)/.runtime ## hold the register against its shapes
	@$(BIN)/vertragsgraph check

frontend: $(VENV)/.frontend ## build the scripts of the pages

build: $(VENV)/.runtime ## build the release, where something changed
	@$(BIN)/vertragsgraph build

serve: frontend build ## build, then serve on http://127.0.0.1:8000 (PORT=… for another port)
	@$(BIN)/vertragsgraph serve --port $(PORT)

# Measured in all processes that tests start: coverage.py sees to those that end by themselves, the folder to workers.
# Four at a time, however few processors there are: much of the time they wait for what they have started. A file of tests is
# one process's, so that its servers and releases are started and built once. Those with a browser come after the others:
# Chromium raises its own priority, and beside it the others starve.
COVER = PYTHONPATH="$$PWD/tests/measuring" $(BIN)/python -m coverage

test: $(VENV)/.dev $(VENV)/.frontend $(VENV)/.comunica $(VENV)/.robot ## run the whole test suite, and hold the coverage
	@rm -rf .coverage && mkdir .coverage
	@$(COVER) run -m pytest -q --doctest-modules server/vertragsgraph
	@$(COVER) run -m pytest -m "not alone" -n 4 --dist loadfile --no-loadscope-reorder --ignore tests/e2e
	@$(BIN)/python -m pytest -m "not alone" -n 3 tests/e2e
	@$(BIN)/python -m pytest -m alone
	@find .coverage -empty -delete && $(COVER) combine --quiet && $(COVER) report

test-quick: $(VENV)/.dev ## run the tests that need no server, wheel or browser
	@$(BIN)/python -m pytest -q --doctest-modules server/vertragsgraph
	@$(BIN)/python -m pytest -m "not slow"

coverage: $(VENV)/.dev ## show as pages what the last `make test` ran, line by line
	@$(COVER) html --fail-under=0

mutants: $(VENV)/.dev ## break important lines one by one (ONLY=… for some) and see that the tests notice
	@$(BIN)/python tests/mutants.py $(ONLY)

fuzz: $(VENV)/.dev ## throw generated input at every parser of ours, for as long as it takes
	@HYPOTHESIS_PROFILE=fuzz $(BIN)/python -m pytest -m fuzz --timeout 0

# Where the scripts couldn't be built (no npm registry), there is nothing to look at them with either.
lint: $(VENV)/.dev $(VENV)/.frontend ## ruff, mypy (strict) and the import contracts; biome for the scripts
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports
	@test ! -x server/frontend/node_modules/.bin/biome || { $(NODE) && cd server/frontend && npm run --silent lint; }

format: $(VENV)/.dev ## put the code in its usual form
	@$(BIN)/ruff check --fix-only . && $(BIN)/ruff format .

lock: $(VENV)/.dev ## renew the lock files from pyproject.toml (hashes, no index address)
	@$(BIN)/python -m uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 pyproject.toml -o requirements.lock
	@$(BIN)/python -m uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 --group build -c requirements.lock -o requirements-build.lock
	@$(BIN)/python -m uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 --group frontend -o requirements-frontend.lock
	@$(BIN)/python -m uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock

screenshots: $(VENV)/.dev ## pictures of every kind of page of a running server (URL=…), into screenshots/
	@$(BIN)/python tests/e2e/screenshots.py $(URL)

bench-endpoint: $(VENV)/.dev ## measure the endpoint beside Oxigraph's server and rdflib-endpoint
	@$(BIN)/python benchmarks/endpoint.py

bench-berlin: $(VENV)/.dev ## publish and serve the grants of Berlin (TABLE=…): processor time, memory, pages
	@$(BIN)/python benchmarks/berlin.py --table "$(TABLE)"

bench-scale: $(VENV)/.dev ## measure what pages and documents of 10,000 and 100,000 contracts cost (CONTRACTS=… for others)
	@$(BIN)/python benchmarks/scale.py $(if $(CONTRACTS),--contracts $(CONTRACTS))

diagram: $(VENV)/.runtime ## draw the diagram of docs/model.md from the ontology
	@$(BIN)/python docs/diagram.py ontology/vertragsgraph.ttl docs/model.md

wheel: $(VENV)/.dev $(VENV)/.frontend ## build the wheel into dist/
	@$(PIP) wheel --no-deps --no-build-isolation --wheel-dir dist .

clean: ## remove the environment and everything built
	rm -rf $(VENV) releases dist build .coverage
