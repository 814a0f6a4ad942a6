#!/bin/sh
# Makes sure that there is a Chromium for the browser tests; installs Debian's where this user may do so.
# Where it can neither be found nor installed, the browser tests say so and fail, unless NO_BROWSER=1.
set -eu
[ "${NO_BROWSER:-}" = 1 ] && exit 0
[ -n "${CHROMIUM_PATH:-}" ] && exit 0
for name in chromium chromium-browser google-chrome chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
command -v apt-get >/dev/null 2>&1 || exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || exit 0
    as_root="sudo -n"
fi
echo "Installing Chromium for the browser tests ..." >&2
install_it() {
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null 2>&1
}
install_it || { $as_root apt-get update -qq >/dev/null 2>&1 && install_it; } || echo "Chromium could not be installed." >&2
