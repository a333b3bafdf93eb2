SHELL       := /bin/bash
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
VERSION     := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
FUZZTIME    ?= 30s
CALL        ?= payment

.PHONY: help build demo test check fuzz bench profile test-containers clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## Build the three programs into bin/
	@mkdir -p bin
	go build -trimpath -buildvcs=false -ldflags '-X main.version=$(VERSION)' -o bin/ ./cmd/qfsandbox ./cmd/qfcertify ./cmd/petshop

demo: ## Drive a payment through petshop in a browser, printing each step; installs what is missing
	@.ci/install.sh demo
	@$(MAKE) --no-print-directory build
	@.ci/demo.sh

test: ## Everything but the containers, race detector on; installs what is missing
	@.ci/install.sh test
	@$(MAKE) --no-print-directory check
	go test -race -shuffle=on ./...

# A module of its own, for Docker's client is heavy; its tests run with the containers.
CONTAINER_MODULE := sandbox/sandboxtest/container

check: ## Formatting, vet, staticcheck, shell scripts
	@unformatted=$$(gofmt -l .); if [ -n "$$unformatted" ]; then \
	  echo "not formatted; run: gofmt -w" $$unformatted >&2; exit 1; fi
	go vet ./...
	go run $(STATICCHECK) ./...
	cd $(CONTAINER_MODULE) && go vet ./... && go run $(STATICCHECK) ./...
	@if command -v shellcheck >/dev/null; then shellcheck .ci/run .ci/*.sh fixtures/integrators/*.sh; \
	  else echo "shellcheck is not installed: scripts are not checked"; fi

fuzz: ## Run each fuzz target for FUZZTIME (30s)
	@set -o pipefail; grep -rlE --include='*_test.go' '^func Fuzz' . | xargs -r -n1 dirname | sort -u | while read -r dir; do \
	  for name in $$(grep -hoE '^func Fuzz[A-Za-z0-9_]*' $$dir/*_test.go | cut -d' ' -f2); do \
	    echo "fuzz $$dir $$name"; \
	    go test -run '^$$' -fuzz "^$$name$$" -fuzztime $(FUZZTIME) $$dir </dev/null || exit 1; \
	  done; \
	done

BENCH := go build -trimpath -buildvcs=false -o bin/ ./cmd/qfsandbox ./cmd/internal/bench ./cmd/internal/bench/floor && bin/bench

bench: ## Compare the sandbox with a bare server under load: out/bench.txt (four minutes)
	@mkdir -p bin
	@$(BENCH)

profile: ## Profile the sandbox under load (CALL=payment, enquiry or exchange): out/profile/
	@mkdir -p bin
	@$(BENCH) -profile $(CALL)

test-containers: ## Build the images, certify petshop inside the compose network, check size, locks and stopping
	@.ci/test-containers.sh

clean: ## Remove bin/ and out/
	rm -rf bin out
