# What a newcomer and the CI need; `make` lists it.

.DEFAULT_GOAL := help
.PHONY: help run test lint format contract schemathesis conformance browser clients bench fuzz torture failover restore-drill deploy-check observability security release

# Further flags for swift build; the CI makes errors of warnings with them.
SWIFT_FLAGS ?=
export SWIFT_FLAGS

# Homebrew keeps PostgreSQL's programs out of PATH.
BREW_POSTGRES := $(firstword $(wildcard /opt/homebrew/opt/postgresql@17/bin /usr/local/opt/postgresql@17/bin))
ifneq ($(BREW_POSTGRES),)
export PATH := $(PATH):$(BREW_POSTGRES)
endif

SWIFT_SOURCES := Sources Tests Fuzz clients/swift Package.swift
SHELL_SCRIPTS := $(filter-out %.lua %.in %.txt %.toml %.d scripts/shared,$(wildcard scripts/*))

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

run: ## start the service with demo data on 127.0.0.1:8080, PostgreSQL included
	@scripts/setup
	@scripts/run

test: ## build and run all tests against a private PostgreSQL
	@scripts/setup
	@scripts/test

lint: ## check the code's format, the scripts' syntax, and that migrations are as they were
	swift format lint --strict --parallel --recursive $(SWIFT_SOURCES)
	@for script in $(SHELL_SCRIPTS); do sh -n "$$script" || exit 1; done
	@bash -n .ci/run
	@cd migrations && sha256sum *.sql | diff SHA256SUMS - || { echo 'a migration that was delivered stays as it is; a new one has its line in migrations/SHA256SUMS' >&2; exit 1; }
	@! command -v python3 >/dev/null || python3 -c 'import ast, sys; [ast.parse(open(file).read(), file) for file in sys.argv[1:]]' scripts/*.d/*.py scripts/shared/*.py clients/python/*.py
	@! command -v python3 >/dev/null || python3 Tests/GoalVectors/compute.py --check Tests/GoalVectors/vectors.jsonl

format: ## format the code
	swift format --in-place --parallel --recursive $(SWIFT_SOURCES)

contract: ## check that openapi.yaml is valid OpenAPI, and that the service serves the same as JSON
	@scripts/contract served

schemathesis: ## ask a running service all that openapi.yaml allows and more, and check every answer
	@scripts/setup contract
	@scripts/schemathesis

conformance: ## hold the service against readers of OpenAPI, HTTP, JSON-stat, DCAT and more (CONFORMANCE_EXAMPLES, 100)
	@scripts/setup contract
	@scripts/setup observability
	@scripts/conformance

browser: ## open the dashboard and the guide in a headless Chromium and check what people get
	@scripts/setup browser
	@scripts/browser

clients: ## run the examples of clients/ in Node, Chromium, Swift and Python against a real service
	@scripts/setup clients
	@scripts/clients

bench: ## measure a release build: polls, posts, live streams and a growing ledger
	@scripts/setup bench
	@scripts/bench

fuzz: ## search the parsers for inputs that break them (FUZZ_RUNS each, 2 000 000)
	@scripts/setup
	@scripts/fuzz

torture: ## kill instances and the database under load, then check every promise (TORTURE_SECONDS, TORTURE_CLIENTS)
	@scripts/setup torture
	@scripts/torture

restore-drill: ## back up, have an accident, restore, and compare with what was acknowledged (DRILL_COUNTS)
	@scripts/setup torture
	@scripts/restore-drill

deploy-check: ## check the systemd units, docker-compose.yml, the proxy and the images, without Docker
	@scripts/setup deploy
	@scripts/deploy-check

observability: ## check alerts, dashboard and log against a real service and a real Prometheus
	@scripts/setup observability
	@scripts/observability

security: ## look for dependencies, secrets in all versions, and faults in the scripts
	@scripts/security

failover: ## kill a primary under load and promote its standby, then check every promise (FAILOVER_SECONDS)
	@scripts/setup torture
	@scripts/failover

release: ## build .build/release/digidel, which needs only libpq where it runs
	@scripts/release
