# Every target installs and builds what it needs first.
.DEFAULT_GOAL := help
.PHONY: help up down test test-recorded check fix bench simulator docs clean install build

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: build ## bring up examples/lab on the simulator, or on the node at DBC_ENDPOINT (CONFIRM=real); SPEED=1 is real time, 60 unless given
	@node dist/tests/engine/lab.js up

down: build ## destroy the lab and stop the simulator
	@node dist/tests/engine/lab.js down

test: build ## run every test: unit, simulator, real engine; ARGS=smoke selects
	@node dist/tests/engine/run-tests.js $(ARGS)

test-recorded: build ## replay recorded exchanges; RECORDED=file of the same form as tests/recorded/*.jsonl
	@node dist/tests/recorded/main.js

check: install ## lint and type-check, examples included
	@npm run check

fix: install ## format, and mend what the linter can
	@npm run fix

bench: build ## measure
	@npm run bench

simulator: build ## serve a simulated node in the foreground; ARGS="--help" lists its options
	@node dist/simulator/cli.js $(ARGS)

docs: install ## write the reference again from the schemas
	@npm run docs

clean: ## remove what was built; the lab (make down) and the engine's cache stay
	rm -rf dist coverage

install: node_modules/.package-lock.json

# npm writes this file last, so it is older than the lock file only when something changed.
node_modules/.package-lock.json: package-lock.json
	# not `npm ci`: it refuses a lock file that lacks the packages of other platforms, which npm leaves out of it
	npm install --no-save --no-audit --no-fund
	@touch $@

build: install
	@npm run build --silent
