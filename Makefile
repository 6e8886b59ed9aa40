# `make run` and `make test` are all it takes: what is missing is installed on the way.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := build
.PHONY: help run test test-release test-targets test-services build static record reference format lint check check-external replay bench bench-quick bench-scaling data clean install setup setup-tests setup-external setup-targets setup-services setup-peers

PREFIX ?= /usr/local
# Passed on: `make run ARGS="-c 'frames'"`, `make test ARGS="--filter CaseTests"`.
ARGS ?=
KAIZEN := .build/release/kaizen
# What is linked at fixed addresses starts without ninety thousand relocations: docs/decisions/0002.
FIXED := $(if $(filter Linux,$(shell uname -s)),-Xlinker -no-pie)
NOTEBOOKS = $(filter-out notebooks/README.md,$(wildcard notebooks/*.md))

# Progress stays, the rest of the noise goes: so a build with nothing to do prints nothing. The linker's
# remark on mktemp is about a function of Foundation that nothing here calls.
QUIET := sed -u -E \
  -e '/the use of .mktemp. is dangerous/d' \
  -e '/^\[[0-9]+\/[0-9]+\] (Planning build|Write swift-version.*|Write sources|Write Objects\.LinkFileList)$$/d' \
  -e '/^Building for (production|debugging)\.\.\.$$/d' \
  -e '/^(Build of product .kaizen. complete!|Build complete!)/d' \
  -e '/^◇ .* started\.$$/d' -e '/^◇ /,/ started\.$$/d'

help: ## what there is to make
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

run: build ## open the prompt here; without a terminal, run standard input
	@# A terminal gets a process group of its own, so that Ctrl-C reaches the prompt and not make.
	@if [ -t 0 ]; then set -m; fi; $(KAIZEN) $(ARGS) || exit $$?

test: build setup-tests ## run all tests, the cases against the release build
	@KAIZEN_BINARY="$(CURDIR)/$(KAIZEN)" Tests/run.sh $(ARGS) 2>&1 | $(QUIET)

test-release: setup ## the tests of the kernels, optimised as users run them
	@KAIZEN_KERNELS=1 swift test -c release -Xswiftc -enable-testing --disable-xctest --scratch-path .build-kernels $(ARGS) 2>&1 | $(QUIET)

build: setup ## the release program, one file: .build/release/kaizen
	@swift build -c release --static-swift-stdlib -Xlinker -s $(FIXED) --product kaizen 2>&1 | $(QUIET)

record: build reference ## write what cases, notebooks and README.md show now; look at the difference
	@for notebook in $(NOTEBOOKS); do $(KAIZEN) replay "$$notebook" --accept; done
	@KAIZEN_BINARY="$(CURDIR)/$(KAIZEN)" KAIZEN_RECORD=1 swift test --disable-xctest --filter 'CaseTests|ReadmeTests|ReferenceTests|MistakeTests' 2>&1 | $(QUIET)
	@git --no-pager diff --stat -- Tests/Cases Tests/Mistakes README.md docs/language.md notebooks

reference: build ## write docs/language.md, which verbs and functions declare
	@$(KAIZEN) reference >docs/language.md.new && mv docs/language.md.new docs/language.md

format: ## lay out the sources
	@swift format --in-place --recursive Sources Tests Package.swift

lint: ## the layout of the sources, strictly
	@swift format lint --strict --recursive Sources Tests Package.swift

check: lint test replay ## all that must hold before a commit

replay: build ## every notebook, with one thread and with several: all outputs the same
	@threads="1 $$(n=$$(nproc); echo $$((n > 2 ? n : 2)))"; count=0; \
	for notebook in $(NOTEBOOKS); do \
	  for n in $$threads; do \
	    $(KAIZEN) --threads $$n replay "$$notebook" --check >/tmp/kaizen-replay.$$$$ 2>&1 || \
	      { status=$$?; cat /tmp/kaizen-replay.$$$$; rm -f /tmp/kaizen-replay.$$$$; \
	        echo "$$notebook differs with $$n threads (exit status $$status)"; exit 1; }; \
	  done; count=$$((count + 1)); \
	done; rm -f /tmp/kaizen-replay.$$$$; \
	[ $$count -gt 0 ] || { echo "there is no notebook in notebooks/"; exit 1; }; \
	echo "$$count notebooks replayed with $${threads/ / and } threads: all outputs the same"

static: build ## the program in one file that needs no libraries, for images: .build/release/kaizen-static
	@swiftc -static-executable -o .build/release/kaizen-static \
	  @.build/release/kaizen.product/Objects.LinkFileList -Xlinker -s -Xlinker --defsym=main=kaizen_main \
	  $(if $(KAIZEN_NO_LIBEDIT),,-ledit -ltinfo) -lbsd -lmd -lpcre2-8 -lsqlite3 -lz -l_FoundationICU 2>&1 | \
	  sed -E "/warning: Using '[a-z_]+' in statically linked applications/d; /the use of .mktemp. is dangerous/d"

test-targets: static setup-targets ## what promote writes for other orchestrators, run by these; one: ARGS=dvc
	@python3 Tests/External/targets.py $(KAIZEN) $(ARGS)

test-services: build setup-services ## what promote writes for services, held against their schemas and run
	@python3 Tests/External/services.py $(KAIZEN) $(ARGS)

check-external: build setup-external ## what is written for Jupyter, editors, OpenLineage and MLflow, held against them
	@python3 Tests/External/check.py $(KAIZEN) $(ARGS)

data: setup-peers ## the large seeded tables, in Benchmarks/data
	@Benchmarks/run.py --data-only $(ARGS)

bench: build setup-peers ## beside its peers on 1e7 rows; writes Benchmarks/RESULTS.md
	@Benchmarks/run.py $(ARGS)

bench-scaling: build setup-peers ## what a second thread and ten times the rows do; writes Benchmarks/SCALING.md
	@Benchmarks/scaling.py $(ARGS)

bench-quick: build setup-peers ## the same on 1e6 rows, to standard output
	@Benchmarks/run.py --quick $(ARGS)

install: build ## into PREFIX, /usr/local if not given: program, manual page, completions of shells
	@install -D -m 755 $(KAIZEN) "$(DESTDIR)$(PREFIX)/bin/kaizen"
	@share="$(DESTDIR)$(PREFIX)/share"; \
	mkdir -p "$$share/man/man1" "$$share/bash-completion/completions" "$$share/zsh/site-functions" \
	  "$$share/fish/vendor_completions.d"; \
	$(KAIZEN) man >"$$share/man/man1/kaizen.1"; \
	$(KAIZEN) completions bash >"$$share/bash-completion/completions/kaizen"; \
	$(KAIZEN) completions zsh >"$$share/zsh/site-functions/_kaizen"; \
	$(KAIZEN) completions fish >"$$share/fish/vendor_completions.d/kaizen.fish"
	@echo "installed $(DESTDIR)$(PREFIX)/bin/kaizen"

clean: ## remove all that was built or made
	@rm -rf .build .build-plain Benchmarks/data Benchmarks/.venv

# Installs what the shell variable `missing` names; says so, and is silent when it names nothing.
define INSTALL_MISSING
	[ -n "$$missing" ] || exit 0; \
	command -v apt-get >/dev/null || { echo "please install:" $$missing; exit 1; }; \
	as=; [ "$$(id -u)" = 0 ] || as=sudo; \
	echo "installing what is missing:" $$missing; \
	log=$$(mktemp); trap 'rm -f "$$log"' EXIT; \
	{ $$as apt-get update -qq && \
	  $$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; } \
	  >"$$log" 2>&1 || { cat "$$log"; exit 1; }
endef

# The system's libraries.
setup:
	@command -v swift >/dev/null || \
	  { echo "a Swift toolchain, 6.2 or later, is needed: https://www.swift.org/install"; exit 1; }
	@missing=; command -v pkg-config >/dev/null || missing=pkg-config; \
	for pair in $(if $(KAIZEN_NO_LIBEDIT),,libedit:libedit-dev) libpcre2-8:libpcre2-dev sqlite3:libsqlite3-dev zlib:zlib1g-dev; do \
	  pkg-config --exists "$${pair%%:*}" 2>/dev/null || missing="$$missing $${pair##*:}"; \
	done; \
	$(INSTALL_MISSING)

# What some cases look at results with.
setup-tests:
	@missing=; \
	for program in python3 curl openssl; do command -v $$program >/dev/null || missing="$$missing $$program"; done; \
	$(INSTALL_MISSING)

# What the formats of other programs are held against: environments of Python for them.
setup-external:
	@missing=; python3 -c 'import ensurepip, venv' 2>/dev/null || missing="python3 python3-venv"; \
	$(INSTALL_MISSING)

# What targets are run with: environments of Python for the tools, podman for the image.
setup-targets:
	@missing=; python3 -c 'import ensurepip, venv' 2>/dev/null || missing="python3 python3-venv"; \
	command -v podman >/dev/null || missing="$$missing podman"; \
	command -v newuidmap >/dev/null || missing="$$missing uidmap"; \
	$(INSTALL_MISSING)

# What the files for services are held against: environments of Python, and Groovy for Jenkins.
setup-services:
	@missing=; python3 -c 'import ensurepip, venv' 2>/dev/null || missing="python3 python3-venv"; \
	command -v groovy >/dev/null || missing="$$missing groovy default-jre-headless"; \
	command -v tar >/dev/null || missing="$$missing tar"; \
	$(INSTALL_MISSING)

# What the benchmarks need besides: an environment for the peers, a compiler for the stop-watch.
setup-peers:
	@missing=; python3 -c 'import ensurepip, venv' 2>/dev/null || missing="python3 python3-venv"; \
	command -v cc clang gcc >/dev/null || missing="$$missing gcc"; \
	$(INSTALL_MISSING)
