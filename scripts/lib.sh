# What the bash scripts share; sourced by them from the root of the repository.
# shellcheck shell=bash

step() { printf '\n== %s\n' "$*"; }

fail() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# The programs of one profile serve the tests, the demo and the end-to-end runs alike.
wtop=${CARGO_TARGET_DIR:-target}/debug/wtop

# install_beside SET: starts scripts/install while cargo builds; wait_for_install waits for it and shows what it said.
install_beside() {
  install_said=$(mktemp)
  scripts/install "$1" >"$install_said" 2>&1 &
  installing=$!
  trap 'wait "$installing"' EXIT
}

wait_for_install() {
  local status=0
  trap - EXIT
  wait "$installing" || status=$?
  cat "$install_said"
  rm -f "$install_said"
  [ "$status" = 0 ] || exit "$status"
}

# build_artifacts FILE TARGET FOLDER: what `wtop build` makes of one lab, in a fresh folder.
build_artifacts() {
  rm -rf "$3"
  "$wtop" build "$1" --target "$2" -o "$3" || fail "$1 does not build for $2; see above"
}

# The labs among the examples; files without a topology are libraries for them.
labs() {
  [ -d examples ] || fail "there is no folder examples, so there is nothing to build"
  grep -rlE --include='*.wtop' '^topology ' examples | sort
}

# node_is_new: is there a node that the page's tools run on, version 20 or later, with npm?
node_is_new() {
  command -v npm >/dev/null && node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' 2>/dev/null
}

# npm_packages FOLDER: its packages, installed once for each lock file.
npm_packages() {
  local installed=$1/node_modules/.installed
  node_is_new || return
  cmp -s "$1/package-lock.json" "$installed" && return
  mkdir -p target
  npm ci --prefix "$1" --no-fund --no-audit --loglevel=error >target/npm.log 2>&1 || return
  cp "$1/package-lock.json" "$installed"
}
