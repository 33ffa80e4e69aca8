# Each target is a script of the same name below scripts/, which says what it does and what it needs.
.PHONY: help demo test e2e lint docs bench clean

help: ## show this list
	@sed -n 's/^\([a-z0-9]*\):.* ## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

demo: ## compile an example to libvirt XML, HEAT and a picture, and deploy it
	@scripts/demo

test: ## run all tests, with libvirt's and Heat's own checks of every example
	@scripts/test

e2e: ## run editors, and an example on a real libvirtd
	@scripts/e2e

lint: ## check format, clippy, documentation and shell scripts
	@scripts/lint

docs: ## build the manual as HTML, into build/book
	@scripts/docs

bench: ## run the benchmarks
	@cargo bench --workspace

clean: ## remove everything that was built
	@cargo clean
	@rm -rf build
