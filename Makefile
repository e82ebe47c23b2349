# Two commands do everything, set-up included: `make demo` and `make test`.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PAGE := src/lengthwise/web/static/index.html

# Where Python is told to keep no compiled files, each worker would read and rewrite every test anew:
# half of the time until its first test. Four workers on two cores: what waits for a browser, a
# server or the clock leaves its core to another; with three, four tenths of both cores were idle.
# In the order of tests/conftest.py.
COMPILED_KEPT := PYTHONDONTWRITEBYTECODE=
PYTEST := $(COMPILED_KEPT) $(BIN)/pytest -n 4 --dist loadfile --no-loadscope-reorder

# Side by side on two cores: what compiles, what checks, and what waits for the network.
TWO := $(MAKE) --no-print-directory -j 2

.PHONY: demo test fuzz check lint types layers page-check setup prepared compiled collected \
  browser evaluate bench clean

# Ends in the guided session before the camera of this machine, where a person is there to be guided.
demo: setup
	$(BIN)/lengthwise demo
	@if [ -t 0 ] && [ -t 1 ]; then exec $(BIN)/lengthwise serve; \
	else echo "Now be guided yourself: $(BIN)/lengthwise serve"; fi

test:
	$(TWO) compiled browser check collected
	$(PYTEST) -q

# The same laws on examples that nobody has tried before.
fuzz: setup
	$(PYTEST) -q --hypothesis-profile=new

check: types lint layers page-check

lint: $(VENV)/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/installed
	$(BIN)/mypy

layers: $(VENV)/installed
	$(BIN)/lint-imports

# The page's own logic, where the page could be built (needs Node).
page-check: $(PAGE)
	sh scripts/check_page.sh

setup:
	$(TWO) prepared

prepared: compiled $(PAGE)

compiled: $(VENV)/installed $(VENV)/libraries
	$(BIN)/lengthwise setup

# In a new checkout each of the four workers would compile every test for itself, all at once. What
# cannot be collected is told by the run itself.
collected: compiled
	-$(COMPILED_KEPT) $(BIN)/pytest --collect-only -qq >/dev/null

browser: $(VENV)/libraries
	sh scripts/browser_for_tests.sh

# What a browser shows.
$(PAGE): $(VENV)/installed $(shell find ui -path ui/node_modules -prune -o -type f -print)
	sh scripts/build_page.sh

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV) 2>/dev/null || { $(PYTHON) -m venv --without-pip $(VENV) \
	  && $(PYTHON) -m pip --python $(BIN)/python install --quiet pip; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[video,devices,lsl,dev]'
	touch $@

# One after the other with the browser: both ask the same package manager.
$(VENV)/libraries: scripts/system_libraries.sh
	sh scripts/system_libraries.sh
	mkdir -p $(VENV)
	touch $@

# Slow evaluations on ../shared/data, with their tables.
evaluate: setup
	$(BIN)/python bench/evaluate.py ../shared/data

bench: setup
	$(BIN)/lengthwise bench

clean:
	rm -rf $(VENV) out ui/node_modules src/lengthwise/web/static
