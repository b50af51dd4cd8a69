.DEFAULT_GOAL := help
SEED ?= 1
.PHONY: help setup build demo test test-fast check lint format fuzz test-crash test-crash-example test-oracle test-neon bench bench-training bench-sft bench-formats bench-data test-crash-data check-formats check-metrics bench-coverage check-harness bench-eval nightly examples install clean check-sandbox check-slurm simulate bench-history test-faults test-kills test-operations test-errors test-damage test-race test-clock bench-engine check-plan check-ci check-tracking test-cuda-compile test-cuda-driver test-cuda bench-cuda cuda-bundle

help: ## Show the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 20

setup: ## Install what the build needs (Debian, Ubuntu)
	@Scripts/setup.sh

build: setup ## Build the release binary
	@Scripts/build.sh --product orchestrate

demo: setup ## Raw tickets to a gated GGUF: examples/01-support-triage (SEED=n for other data)
	@Scripts/demo.sh $(SEED)

check: ## Layout, sizes, imports, docs in step with the code
	@Scripts/check.sh

test: setup check ## Check the house, build, run every suite and the short form of every slow one
	@Scripts/build.sh --build-tests
	@Scripts/test.sh
	@Scripts/check-neon.sh
	@Scripts/crash/crash-fixture.sh 25
	@Scripts/crash/crash-operations.sh 60
	@Scripts/crash/crash-errors.sh 120
	@Scripts/crash/crash-damage.sh 60
	@Scripts/crash/crash-race.sh 3
	@Scripts/crash/crash-data.sh 20000 2
	@Scripts/fuzz.sh 100
	@Scripts/bench-engine.sh --short

test-fast: ## Suites only, build as it is; FILTER=name for some
	@Scripts/test.sh $(FILTER)

test-oracle: ## Numbers of the Python stack (folder ORACLES, default ../shared/oracles)
	@Scripts/test.sh Oracle

test-cuda-driver: ## The whole way to a card over an emulated driver, and its failures (NVRTC, BIN)
	@Scripts/cuda/check-driver.sh

test-cuda: ## On a card: every operation, training, a pipeline killed and resumed (CARD; skipped without one)
	@Scripts/cuda/test-cuda.sh

bench-cuda: ## On a card: ceilings, training and decoding of an 8B model; else predicted times (CARD, STEPS)
	@Scripts/cuda/bench-cuda.sh

cuda-bundle: ## Both for a machine without Swift, in one archive (OUT)
	@Scripts/cuda/bundle.sh

test-cuda-compile: ## Every CUDA kernel by NVRTC for sm_80, sm_90 and PTX, without a card (NVRTC=folder of libnvrtc)
	@Scripts/cuda-compile.sh

fuzz: build ## 10,000 mutated files for each reader, and the hostile files (FAULTS, HOSTILE, JOBS; N=files)
	@Scripts/fuzz.sh $(or $(N),10000)

test-crash: test-kills test-operations ## Random kills of the crash fixture, then every file operation once

test-faults: test-crash test-errors test-damage test-race test-clock ## Every fault campaign at length (docs/durability.md)

test-kills: build ## 2,000 random kills of the crash fixture (KILLS, JOBS)
	@Scripts/crash/crash-fixture.sh $(or $(KILLS),2000)

test-operations: build ## Every file operation as a kill, a torn write, a loss of power (STRIDE, JOBS)
	@Scripts/crash/crash-operations.sh $(or $(STRIDE),1)

test-errors: build ## Every file operation failing once, and a disk that is full (STRIDE, JOBS)
	@Scripts/crash/crash-errors.sh $(or $(STRIDE),1)

test-damage: build ## 1,000 damages at rest (TRIALS, JOBS)
	@Scripts/crash/crash-damage.sh $(or $(TRIALS),1000)

test-race: build ## 200 rounds of 2 and of 8 engines at once (ROUNDS, JOBS)
	@Scripts/crash/crash-race.sh $(or $(ROUNDS),200)

test-clock: build ## Clocks that jump, also under a lease
	@Scripts/crash/crash-clock.sh

test-crash-example: build ## Five kills of the whole example
	@Scripts/crash/crash-example.sh 5

check-slurm: build ## The example on a private Slurm, its daemons and the engine killed (SLURM, KILLS, SEED)
	@Scripts/check-slurm.sh $(or $(KILLS),10)

test-crash-data: build ## A million rows: 20 kills, 1, 2 and 4 threads, 1 and 7 shards (ROWS, KILLS)
	@Scripts/crash/crash-data.sh $(or $(ROWS),1000000) $(or $(KILLS),20)

simulate: ## 100,000 random schedules against the rules of docs/scheduling.md (SEED, N; N=1 replays one)
	@Scripts/build.sh --build-tests
	@Scripts/simulate.sh

bench: build ## Start-up, validation and training speed
	@Scripts/build.sh --product training-bench
	@Scripts/bench.sh

bench-training: ## Training, scoring, generation beside PyTorch (TORCH_PYTHON, RUNS, CASES)
	@Scripts/build.sh --product training-bench
	@Scripts/bench-training.sh

bench-sft: build ## An epoch of real rows beside TRL (TORCH_PYTHON, DATA, ROWS, SHAPE, RUNS)
	@Scripts/bench-sft.sh

bench-formats: build ## Tokenizers, templates, GGUF and generation beside their peers (PYTHON, LLAMA_CPP, LLAMA_SOURCE, MODEL, CORPUS)
	@Scripts/build.sh --product formats-bench
	@Scripts/bench-formats.sh

bench-data: build ## JSON, personal data, duplicates and an append beside their peers (PYTHON, DATA, ROWS)
	@Scripts/build.sh --product data-bench
	@Scripts/bench-json.sh
	@Scripts/bench-pii.sh
	@Scripts/bench-dedup.sh 100000
	@Scripts/bench-append.sh $(or $(ROWS),1000000)

check-formats: build ## Every family and type in llama.cpp, transformers and PEFT (PYTHON, FORMATS, MODELS)
	@Scripts/check-formats.sh
	@Scripts/check-hf.sh

check-harness: build ## Tasks of lm-evaluation-harness item by item beside it (PYTHON, ORACLES, MODELS, DATA)
	@Scripts/check-harness.sh

bench-eval: ## Scoring and generation beside lm-evaluation-harness (EVAL_PYTHON, MODEL, REQUESTS)
	@Scripts/build.sh --product evaluation-bench
	@[ -z "$(MODEL)" ] || Scripts/bench-eval.sh $(MODEL) $(REQUESTS)

bench-history: build ## Every command over 10,000 runs and 1,000 stages (RUNS, STAGES, BAR)
	@Scripts/bench-history.sh

bench-engine: build ## The engine beside ninja, Snakemake and DVC; staleness, kill -9 (BENCH, BINS, N)
	@Scripts/bench-engine.sh

check-metrics: ## Text metrics beside sacrebleu, rouge_score and NLTK on random texts (PYTHON)
	@Scripts/build.sh --build-tests
	@Scripts/check-metrics.sh

bench-coverage: ## How often intervals hold the truth, over a grid (minutes)
	@Scripts/build.sh --build-tests
	@Scripts/bench-coverage.sh

nightly: test fuzz test-crash test-crash-example test-crash-data test-neon examples bench bench-training bench-sft bench-formats bench-data check-formats check-metrics bench-coverage check-sandbox check-harness bench-eval check-slurm simulate test-faults bench-engine bench-history check-plan check-ci check-tracking test-cuda-compile test-cuda-driver test-cuda ## Everything, at length

test-neon: ## Every kernel on NEON, by emulation, against this processor
	@Scripts/setup.sh gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user
	@Scripts/check-neon.sh

examples: demo ## Run every example
	@Scripts/example-refused.sh examples/02-refused-gate gguf
	@Scripts/example-refused.sh examples/03-quantized-gate shipped

check-sandbox: ## Every escape program, its verdict and the walls, as root and as an ordinary user
	@Scripts/build.sh --build-tests
	@Scripts/check-sandbox.sh

check-plan: ## 300 random edits: what plan says will run is what runs (N, SEED)
	@Scripts/build.sh --build-tests
	@Scripts/check-plan.sh $(or $(N),300) $(SEED)

check-ci: build ## Pushes to a bare repository: retrained, gated, promoted, refused; webhooks
	@Scripts/check-ci.sh

check-tracking: build ## A real MLflow server, TensorBoard's reader and OpenLineage's client (PYTHON)
	@Scripts/check-tracking.sh

lint: ## Lint the layout of every Swift file
	@Scripts/check-format.sh

format: ## Lay out every Swift file
	@git ls-files -co --exclude-standard '*.swift' | xargs swift format format -i --parallel

install: build ## Copy the binary to PREFIX/bin (default /usr/local)
	@install -D -m 755 .build/release/orchestrate $(or $(PREFIX),/usr/local)/bin/orchestrate

clean: ## Remove builds and the examples' state
	@rm -rf .build out examples/*/.orchestrate examples/*/data
