.DEFAULT_GOAL := help
.PHONY: help setup build test

help: ## Show the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

setup: ## Install what the build needs (Debian, Ubuntu)
	@Scripts/setup.sh

build: setup ## Build the release binary
	@swift build -c release --explicit-target-dependency-import-check error

test: setup ## Check the house, build, run every suite
	@swift build -c release --build-tests --explicit-target-dependency-import-check error
	@swift test -c release --skip-build
