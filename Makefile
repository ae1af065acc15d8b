# Every target installs and builds what it needs first.
.DEFAULT_GOAL := help
.PHONY: help up down test test-system soak mutants states test-matrix test-recorded check fix bench simulator docs clean install build

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: build ## bring up examples/lab on the simulator, or on the node at DBC_ENDPOINT (CONFIRM=real); SPEED=1 is real time, 60 unless given
	@node dist/tests/engine/lab.js up

down: build ## destroy the lab and stop the simulator; FORGET=1 drops a simulated lab that can't be destroyed
	@node dist/tests/engine/lab.js down

test: build ## run every test: unit, simulator, real engine; ARGS=smoke selects
	@node dist/tests/engine/run-tests.js $(ARGS)

test-system: build ## what needs more than Node: the site in Chromium, rows in a terminal (tmux); both must be on PATH
	@node dist/tests/engine/run-tests.js --testMatch '**/dist/tests/**/*.system.js'

soak: build ## random histories of two stacks at length; RUNS=10000 and SEED=1 choose; says the seed that replays a failure
	@MODEL_RUNS=$(or $(RUNS),10000) MODEL_SEED=$(or $(SEED),$$(date +%s)) node dist/tests/engine/run-tests.js tests/reliability/model

mutants: build ## does a test fail when the code is wrong? the core by Stryker, and the worst mistakes by hand; ARGS=evil or core for one half
	@node dist/tests/mutants/main.js $(ARGS)

states: build ## record what this release stores of every kind of resource, for the releases after it
	@node dist/tests/engine/record-states.js

test-matrix: build ## the packed provider in new projects: npm, pnpm, yarn, several Nodes and SDKs; minutes, needs the npm registry
	@node dist/tests/package/matrix.js $(ARGS)

test-recorded: build ## replay recorded exchanges; RECORDED=file of the same form as tests/recorded/*.jsonl
	@node dist/tests/recorded/main.js

check: install ## format, lint, types, import directions, fresh docs, whole resources: fast, without network
	@npm run check

fix: install ## format, and mend what the linter can
	@npm run fix

bench: build ## measure
	@npm run bench

simulator: build ## serve a simulated node in the foreground; ARGS="--help" lists its options
	@node dist/simulator/cli.js $(ARGS)

docs: install ## write the reference again from the schemas, and the site: dist/site/index.html
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
