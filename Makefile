# All that a person types. Each target sets up what it needs by itself (tools/setup.sh).
.DEFAULT_GOAL := help
.PHONY: help setup demo serve test screenshots bench bench-quick bench-batch bench-accuracy soak fuzz check format schema lock clean

bin := .venv/bin
sample := sample_data

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## */\1\t/p' Makefile | expand -t 16

setup:  ## make .venv, install the locked packages and system libraries
	@tools/setup.sh

demo: setup  ## inspect the sample flight, print its report in both languages, verify it
	rm -rf demo && mkdir demo
	$(bin)/tinjau inspect --language id --profile indonesia-province --permit $(sample)/permit.json \
	  --boundary $(sample)/boundary.geojson --control-points $(sample)/control_points.csv \
	  --current $(sample)/current.tif --current-dsm $(sample)/current_dsm.tif \
	  --baseline $(sample)/baseline.tif --baseline-dsm $(sample)/baseline_dsm.tif \
	  --records demo/records --out demo/inspection
	$(bin)/tinjau report demo/inspection --language en --out demo/english
	$(bin)/tinjau verify demo/inspection
	$(bin)/tinjau verify demo/english/report.pdf

serve: export TINJAU_DATA ?= $(CURDIR)/served
serve: setup  ## serve the API on 127.0.0.1:8000 with the sample case (PORT=…, TINJAU_DATA=…)
	$(bin)/python -m sample_data.service
	$(bin)/tinjau serve --port $(or $(PORT),8000)

test:  ## run every test, the import contracts and the README among them
	@tools/setup.sh --for-tests
	$(bin)/pytest -n auto --dist loadfile

screenshots:  ## keep a picture of every page, in both languages, in the folder screenshots
	@tools/setup.sh --for-tests
	TINJAU_SCREENSHOTS=screenshots $(bin)/pytest -q -p no:xdist tests/api/web

bench: setup  ## measure how well and how fast it works, as tables
	$(bin)/python -m tests.benchmarks.control_points
	$(bin)/python -m tests.benchmarks.reference_matching
	$(bin)/python -m tests.benchmarks.permits
	$(bin)/python -m tests.benchmarks.threats
	$(bin)/python -m tests.benchmarks.uploads
	$(bin)/python -m tests.benchmarks.service
	$(bin)/python -m tests.benchmarks.tiles
	$(bin)/python -m tests.benchmarks.pages
	$(bin)/python -m tests.benchmarks.speed --against docs/benchmarks.json $(if $(OUT),--out $(OUT))

bench-quick:  ## measure how fast an inspection is beside GDAL, on two small pairs (OUT=folder)
	@tools/setup.sh --for-tests
	$(bin)/python -m tests.benchmarks.speed --quick --against docs/benchmarks.json $(if $(OUT),--out $(OUT))

bench-batch:  ## measure rows an hour by 1, 2 and 4 workers beside bare inspections, and what a row costs (ROWS=4)
	@tools/setup.sh --for-tests
	$(bin)/python -m tests.benchmarks.workers --rows $(or $(ROWS),4)

bench-accuracy: setup  ## measure how accurate detection, registration and volumes are, beside common ways (QUICK=1, JOBS=2, DETECTOR=network; needs TINJAU_TEST_DATA)
	$(bin)/python -m tests.benchmarks.accuracy --jobs $(or $(JOBS),2) $(if $(QUICK),--quick,--out docs)

soak: setup  ## load the service with uploads, lists and an attacker for an hour (MINUTES=…)
	$(bin)/python -m tests.benchmarks.soak --minutes $(or $(MINUTES),60)

fuzz: setup  ## throw broken files at `tinjau check` for ten minutes (SECONDS=…, SEED=…)
	$(bin)/python tools/fuzz.py --seconds $(or $(SECONDS),600) --seed $(or $(SEED),1)

check: setup  ## format, lint, types, import contracts, dead code
	$(bin)/ruff format --check
	$(bin)/ruff check
	$(bin)/mypy
	$(bin)/lint-imports
	$(bin)/vulture
	$(bin)/python tools/pages.py check

format: setup  ## put the code into its one format and mend what ruff can mend
	$(bin)/ruff check --fix
	$(bin)/ruff format
	$(bin)/python tools/pages.py format

schema: setup  ## write the published JSON Schemas anew
	$(bin)/python -m inspection.schema > inspection/inspection.schema.json
	$(bin)/python -m inspection.flight_log > docs/flight-log.schema.json

lock:  ## resolve pyproject.toml anew into requirements.lock (needs uv; UV_CONSTRAINT narrows it)
	uv pip compile --quiet --universal --no-emit-index-url --no-header --no-annotate \
	  --python-version 3.12 --group dev pyproject.toml --output-file requirements.lock

clean:  ## remove everything that was made, .venv too
	rm -rf .venv .cache .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache demo dist served \
	  screenshots api/web/dist api/web/node_modules
