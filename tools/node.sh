#!/bin/sh
# Puts the second reader of our WhatsApp messages into .venv/second-opinion, where Node.js is there; it is a package for
# tests only, pinned by its hash. Where it cannot be had, the tests say that this part was not run.
set -eu
cd "$(dirname "$0")/.."
[ "${NO_NODE:-}" = 1 ] && exit 0
command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 || exit 0
from=tests/bench/node
to=.venv/second-opinion
cmp -s "$from/package-lock.json" "$to/done" && exit 0
rm -rf "$to"
mkdir -p "$to"
cp "$from/package.json" "$from/package-lock.json" "$to/"
if (cd "$to" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >npm.log 2>&1); then
    cp "$from/package-lock.json" "$to/done"
else
    echo "npm could not install the second reader of WhatsApp messages; see $to/npm.log" >&2
fi
