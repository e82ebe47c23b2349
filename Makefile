# Two commands do everything, set-up included: `make demo` and `make test`.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PAGE := src/lengthwise/web/static/index.html

.PHONY: demo test fuzz check page-check setup evaluate bench clean

# Ends in the guided session before the camera of this machine, where a person is there to be guided.
demo: setup
	$(BIN)/lengthwise demo
	@if [ -t 0 ] && [ -t 1 ]; then exec $(BIN)/lengthwise serve; \
	else echo "Now be guided yourself: $(BIN)/lengthwise serve"; fi

test: setup check
	sh scripts/browser_for_tests.sh
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -q

# The same laws on examples that nobody has tried before.
fuzz: setup
	$(BIN)/pytest -n 2 --dist loadfile -q --hypothesis-profile=new

check: $(VENV)/installed page-check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The page's own logic, where the page could be built (needs Node).
page-check: $(PAGE)
	sh scripts/check_page.sh

setup: $(VENV)/installed $(PAGE)
	$(BIN)/lengthwise setup

# What a browser shows.
$(PAGE): $(VENV)/installed $(shell find ui -path ui/node_modules -prune -o -type f -print)
	sh scripts/build_page.sh

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV) 2>/dev/null || { $(PYTHON) -m venv --without-pip $(VENV) \
	  && $(PYTHON) -m pip --python $(BIN)/python install --quiet pip; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[video,devices,lsl,dev]'
	sh scripts/system_libraries.sh
	touch $@

# Slow evaluations on ../shared/data, with their tables.
evaluate: setup
	$(BIN)/python bench/evaluate.py ../shared/data

bench: setup
	$(BIN)/lengthwise bench

clean:
	rm -rf $(VENV) out ui/node_modules src/lengthwise/web/static
