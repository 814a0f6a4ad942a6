#!/bin/sh
# Renews the lock files: names, versions and hashes only, so that they install from any index.
set -eu
cd "$(dirname "$0")/.."
UV_SYSTEM_CERTS=1
export UV_SYSTEM_CERTS
unset UV_DEFAULT_INDEX UV_INDEX UV_INDEX_URL UV_EXTRA_INDEX_URL UV_FIND_LINKS || true

compile() {
    .venv/bin/uv pip compile -q --no-config --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
        --no-emit-index-url --no-emit-find-links "$@"
}

# The larger set decides; the smaller one follows it, so that tests run against the versions that people run.
compile "$@" --group dev pyproject.toml -o requirements-dev.lock
compile "$@" -c requirements-dev.lock pyproject.toml -o requirements.lock
if grep -nE '://|index-url|find-links' requirements*.lock; then
    echo "A lock file names a host: see the lines above." >&2
    exit 1
fi
