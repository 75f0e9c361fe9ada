# What a newcomer and the CI need; `make` lists it.

.DEFAULT_GOAL := help
.PHONY: help run test lint format contract schemathesis conformance browser bench fuzz torture release

# Further flags for swift build; the CI makes errors of warnings with them.
SWIFT_FLAGS ?=
export SWIFT_FLAGS

# Homebrew keeps PostgreSQL's programs out of PATH.
BREW_POSTGRES := $(firstword $(wildcard /opt/homebrew/opt/postgresql@17/bin /usr/local/opt/postgresql@17/bin))
ifneq ($(BREW_POSTGRES),)
export PATH := $(PATH):$(BREW_POSTGRES)
endif

SWIFT_SOURCES := Sources Tests Fuzz Package.swift
SHELL_SCRIPTS := $(filter-out %.lua %.in %.txt %.toml %.d,$(wildcard scripts/*))

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

run: ## start the service with demo data on 127.0.0.1:8080, PostgreSQL included
	@scripts/setup
	@scripts/run

test: ## build and run all tests against a private PostgreSQL
	@scripts/setup
	@scripts/test

lint: ## check the code's format and the scripts' syntax
	swift format lint --strict --parallel --recursive $(SWIFT_SOURCES)
	@for script in $(SHELL_SCRIPTS); do sh -n "$$script" || exit 1; done
	@bash -n .ci/run
	@! command -v python3 >/dev/null || python3 -c 'import ast, sys; [ast.parse(open(file).read(), file) for file in sys.argv[1:]]' scripts/*.d/*.py
	@! command -v python3 >/dev/null || python3 Tests/GoalVectors/compute.py --check Tests/GoalVectors/vectors.jsonl

format: ## format the code
	swift format --in-place --parallel --recursive $(SWIFT_SOURCES)

contract: ## check that openapi.yaml is valid OpenAPI
	@scripts/contract

schemathesis: ## ask a running service all that openapi.yaml allows and more, and check every answer
	@scripts/setup contract
	@scripts/schemathesis

conformance: ## hold the service against readers of OpenAPI, HTTP, JSON-stat, DCAT and more (CONFORMANCE_EXAMPLES, 100)
	@scripts/setup contract
	@scripts/setup observability
	@scripts/conformance

browser: ## open the dashboard in a headless Chromium and check what people get
	@scripts/setup browser
	@scripts/browser

bench: ## measure a release build: polls, posts, live streams and a growing ledger
	@scripts/setup bench
	@scripts/bench

fuzz: ## search the parsers for inputs that break them (FUZZ_RUNS each, 2 000 000)
	@scripts/setup
	@scripts/fuzz

torture: ## kill instances and the database under load, then check every promise (TORTURE_SECONDS, TORTURE_CLIENTS)
	@scripts/setup torture
	@scripts/torture

release: ## build .build/release/digidel, which needs only libpq where it runs
	@scripts/release
