# make run    builds and starts Minsheng on the built-in invented city
# make test   runs every test; engines that are missing are skipped with a line
#             that says how to get them (with CI=true a skip fails)
# make bench  measures, and prints machine, data and figures
# make bench-crawl  pages asked a second, beside colly, net/http and Scrapy
# make bench-analysis  texts judged a second, beside SnowNLP and jiagu
# make bench-reading   what is read of real pages and feeds, beside Python and Go peers
# make lint   formatting, vet, linters

GO ?= go
BIN := bin/minsheng
VERSION ?= $(shell git describe --tags --always 2>/dev/null || echo 1.0.0-dev)

.PHONY: build run test bench bench-analysis bench-crawl bench-reading lint fuzz clean

build:
	$(GO) build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o $(BIN) ./cmd/minsheng

run: build
	$(BIN) run -config config/example.yml

test:
	scripts/test

bench: build
	scripts/bench

bench-crawl:
	scripts/bench crawl

bench-analysis:
	scripts/bench analysis

bench-reading:
	scripts/reading

fuzz:
	scripts/fuzz

lint:
	scripts/lint

clean:
	rm -rf bin .cache
