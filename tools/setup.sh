#!/bin/sh
# Builds .venv from a lock file (requirements.lock, or requirements-dev.lock for tests) and does nothing when it is up to date.
# uv is used when it can be had because it is several times faster; plain pip of any age gives the same result.
set -eu
cd "$(dirname "$0")/.."
lock=${1:-requirements.lock}
venv=.venv
stamp=$venv/.locks

say() { printf '%s\n' "$*" >&2; }

line_for() { printf '%s %s' "$(cksum < "$1" | tr ' ' '-')" "$1"; }

up_to_date() { [ -x "$venv/bin/python" ] && [ -x "$venv/bin/sahut" ] && grep -qxF "$(line_for "$lock")" "$stamp" 2>/dev/null; }

find_python() {
    for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    say "Sahut needs Python 3.11 or newer and found none. On Debian or Ubuntu: sudo apt-get install python3 python3-venv"
    return 1
}

make_venv() {
    python=$(find_python)
    if ! "$python" -m venv --clear "$venv" >/dev/null 2>&1; then
        rm -rf "$venv"
        if command -v uv >/dev/null 2>&1 && uv venv -q --seed -p "$python" "$venv"; then return; fi
        say "'$python -m venv' does not work here. On Debian or Ubuntu: sudo apt-get install python3-venv   then run this again."
        return 1
    fi
}

install_packages() {
    UV_SYSTEM_CERTS=1 # the certificate store of the machine, as pip uses it
    export UV_SYSTEM_CERTS
    if "$venv/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r requirements-uv.lock 2>/dev/null &&
        "$venv/bin/uv" pip install -q --require-hashes -p "$venv/bin/python" -r "$lock"; then
        return
    fi
    say "uv is not to be had here; using pip, which takes a little longer."
    "$venv/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r "$lock"
}

launcher() {
    cat <<LAUNCHER
#!/bin/sh
# Written by tools/setup.sh: Sahut runs from its checkout, where .env and data/ are; files are named from where you are.
from=\$(pwd) && cd '$(pwd)' && exec '$(pwd)/$venv/bin/python' -m bot --standing-in "\$from" "\$@"
LAUNCHER
}

write_launcher() {
    if [ "$(launcher)" = "$(cat "$venv/bin/sahut" 2>/dev/null)" ]; then return; fi
    launcher > "$venv/bin/sahut"
    chmod +x "$venv/bin/sahut"
}

write_stamp() {
    if [ "$lock" = requirements-dev.lock ]; then # holds everything of the smaller lock, in the same versions
        { line_for requirements.lock; echo; line_for "$lock"; echo; } > "$stamp"
    else
        { line_for "$lock"; echo; } > "$stamp"
    fi
}

compile_ours() { # as a service Sahut may not write into its checkout, and would compile everything at each start
    "$venv/bin/python" -m compileall -q bot web scheduler storage cities learning usecases conversations tickets routing texts ||
        say "Sahut's own files could not be compiled here (whose are they?); each start takes longer."
}

if up_to_date; then
    write_launcher # an older version's may be there
    compile_ours
    exit 0
fi
say "Installing what Sahut needs into $venv ..."
"$venv/bin/python" -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || make_venv
rm -f "$stamp"
install_packages
write_launcher
compile_ours
write_stamp
