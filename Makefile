# Each target sets the machine up by itself; a second call starts in seconds.
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo test contract-kit fuzz faults lint types check bench figures contest lock translations pictures clean

ARGS ?=
MINUTES ?= 10
ROUNDS ?= 300
VNC ?=
URL ?=
CODES ?=

help: ## what can be done here
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: ## system packages and the private venv
	@packaging/setup.sh run

setup-dev:
	@packaging/setup.sh test

demo: ## a resident's visit: by hand where there is a display, else driven by itself into demo-output/ (VNC=1 serves the window on loopback)
	@packaging/setup.sh $(if $(VNC),vnc,run)
	@packaging/demo.sh $(if $(VNC),vnc,auto) $(ARGS)

test: setup-dev ## lint, types and tests
	@packaging/check.sh $(ARGS)

contract-kit: setup-dev ## asks any platform point by point whether it keeps the contract: URL=... CODES="A B C" (ARGS="--report FILE"); without URL our own
	@.venv/bin/python -m pytest tests/contract_kit $(if $(URL),--gateway $(URL)) $(foreach code,$(CODES),--enrol-code $(code)) $(ARGS)

fuzz: setup-dev ## bytes nobody foresaw, at every parser, for MINUTES=10
	@packaging/fuzz.sh $(MINUTES) $(ARGS)

faults: setup-dev ## kills, power cuts, rotten vaults, gateway kills, link cuts, a failing disk, ROUNDS=300 of each (ARGS="--mode kill=10000 --jobs 2 --seed 7"), against a real gateway
	@.venv/bin/python -m bench.faults.campaign --rounds $(ROUNDS) $(ARGS)

lint: setup-dev ## ruff only
	@.venv/bin/ruff check --no-cache . && .venv/bin/ruff format --check .

types: setup-dev ## mypy --strict only
	@.venv/bin/mypy

bench: ## the measurements, as tables
	@packaging/setup.sh bench
	@.venv/bin/python bench/peers/install.py
	@for b in bench/*.py; do echo "== $$b"; \
	  case $$b in */weak_link.py) set -- --quick;; *) set --;; esac; PYTHONPATH=. .venv/bin/python "$$b" "$$@" || exit 1; done

figures: setup-dev ## the table of offline and sync: ours, the best other, the limit (ARGS=--whole: at full size, two hours; ARGS=--print: of the last runs)
	@.venv/bin/python -m bench.figures $(ARGS)

contest: ## our sync beside its peers on emulated weak links, whole: most of an hour (ARGS="--rows rst,hang" for some of it)
	@packaging/setup.sh bench
	@.venv/bin/python bench/peers/install.py
	@.venv/bin/python bench/link/check.py
	@.venv/bin/python bench/weak_link.py $(ARGS)

translations: setup-dev ## collect the Chinese source strings and compile the English
	@.venv/bin/python -m kiosk.i18n.compile

pictures: setup ## render every screen into docs/pictures
	@.venv/bin/python packaging/pictures.py

lock: setup-dev ## pin the newest allowed dependencies
	@packaging/lock.sh

clean: ## remove what make made
	rm -rf .venv demo-output build .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage *.egg-info
