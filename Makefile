# `make help` lists what there is.
.DEFAULT_GOAL := help
.PHONY: help build test fuzz lint bench

TESTRUN := build/testrun

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile

build: ## Build bin/latchkey
	CGO_ENABLED=0 go build -trimpath -o bin/latchkey ./cmd/latchkey

test: tools-there $(TESTRUN) ## Install the servers that are missing, run every test (CHECKS=DIR: check the payloads too)
	@scripts/install-servers
	@$(TESTRUN)

fuzz: $(TESTRUN) ## Run each fuzz target for FUZZTIME (60s)
	@$(TESTRUN) fuzz

bench: ## Measure against the same work done bare, and rewrite docs/benchmarks.md
	@scripts/install-servers
	go run ./bench

lint: ## Run the linters, and prove that their fences bite
	go mod tidy -diff
	go tool -modfile=tools/go.mod golangci-lint run ./...
	cd tools && go tool golangci-lint run --config ../.golangci.yml ./...
	cd tools && go test ./...

.PHONY: tools-there $(TESTRUN)
tools-there:
	@command -v gcc >/dev/null || { echo "gcc is missing: the race detector needs it" >&2; exit 1; }

$(TESTRUN):
	@cd tools && go build -o ../$(TESTRUN) ./testrun
