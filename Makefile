# Every target is one line of help; what it does stands in scripts/.
.DEFAULT_GOAL := help
.PHONY: help setup run test check bench clean
BIN := .venv/bin

help:   ## show this help
	@sed -n 's/^\([a-z]*\): *\(.*\)## \(.*\)/  make \1\t\3/p' Makefile | expand -t 16

setup:  ## install what is missing: system packages, .venv, npm packages, sounds
	@scripts/setup

run:    ## set up what is missing, then start everything; Ctrl-C stops it
	@scripts/setup --quiet
	@exec ./cx run

test:   ## set up, then check and run every test
	@scripts/setup --test
	@$(MAKE) --no-print-directory check
	@scripts/test

check:  ## lint, types and import contracts
	@scripts/check

bench:  ## measure; prints one table
	@scripts/setup --test --quiet
	@$(BIN)/python scripts/bench.py

clean:  ## remove what setup and the tools made; keeps the database, secrets and recordings in var
	@rm -rf .venv node_modules build var/build var/setup var/prompts .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
