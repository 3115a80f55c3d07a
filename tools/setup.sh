#!/bin/sh
# Makes .venv ready for every other target: finds or obtains Python, installs the locked
# packages and the system libraries they need. Run twice, the second run only looks.
#
#   tools/setup.sh                 do all of it
#   tools/setup.sh --for-tests     and the programs that tests compare ours with
#   tools/setup.sh --find-python   print the Python it would use, change nothing
set -eu

# Newest first; these are the versions that the locked packages have wheels for.
versions="3.14 3.13 3.12"
system_packages="libgl1 libglib2.0-0" # opencv-python links against both

say() { printf 'setup: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# A name on the path proves nothing: it may be a shim without a Python behind it, a build
# without ssl, or a Debian Python without ensurepip. So each candidate is run.
is_usable() {
    [ -x "$1" ] && "$1" -c '
import ensurepip, sqlite3, ssl, sys, sysconfig, venv, zlib
good = any(sys.version_info[:2] == tuple(map(int, v.split("."))) for v in sys.argv[1].split())
sys.exit(not good or bool(sysconfig.get_config_var("Py_GIL_DISABLED")))
' "$versions" >/dev/null 2>&1
}

# Only what the shell itself can do, so that it works on the barest path.
find_python() {
    for version in $versions ""; do
        name="python${version:-3}"
        rest="$PATH:"
        while [ -n "$rest" ]; do # every folder: a shim may hide a good one further down
            folder=${rest%%:*}
            rest=${rest#*:}
            if is_usable "$folder/$name"; then echo "$folder/$name"; return 0; fi
        done
        for python in "${PYENV_ROOT:-${HOME:-}/.pyenv}"/versions/"${version:-3}"*/bin/"$name"; do
            if is_usable "$python"; then echo "$python"; return 0; fi
        done
    done
    return 1
}

# Fails where this account may not install system packages.
apt_get() {
    command -v apt-get >/dev/null || return 1
    if [ "$(id -u)" = 0 ]; then
        as_root=""
    else
        command -v sudo >/dev/null && sudo -n true 2>/dev/null || return 1
        as_root="sudo -n"
    fi
    say "installing system packages: $*"
    $as_root apt-get -qq update >&2 || true # an old list may still do
    $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -qq install --yes --no-install-recommends "$@" >&2
}

uv_python() {
    "$1" python install --quiet 3.13 >&2 && "$1" python find --managed-python 3.13
}

# Any Python 3 can fetch uv, and uv can fetch a newer Python.
fetched_uv() {
    command -v python3 >/dev/null && python3 -m venv .cache/uv >&2 \
        && .cache/uv/bin/pip install --quiet uv >&2 && echo .cache/uv/bin/uv
}

obtain_python() {
    say "no Python among $versions found; trying to obtain one"
    if command -v uv >/dev/null && uv_python uv; then return 0; fi
    if apt_get python3 python3-venv && find_python; then return 0; fi
    uv=$(fetched_uv) && uv_python "$uv"
}

python_or_fail() {
    find_python || obtain_python \
        || fail "Python 3.12, 3.13 or 3.14 is needed, with its venv module: install one, or uv, and run again."
}

# What .venv was made from, and where: a moved checkout needs a new one.
recipe() { { pwd -P; cat requirements.lock pyproject.toml tools/setup.sh; } | cksum; }

is_ready() {
    [ -f .venv/.stamp ] && [ "$(cat .venv/.stamp)" = "$(recipe)" ] && .venv/bin/python -c ""
}

install_packages() {
    if ! is_usable .venv/bin/python || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
        python=$(python_or_fail)
        say "making .venv with $python"
        rm -rf .venv
        "$python" -m venv .venv || fail "$python could not make .venv."
    fi
    say "installing the packages of requirements.lock (some minutes the first time)"
    # The lock is whole, so nothing is resolved: what is installed is what is written there.
    pip install --no-deps --requirement requirements.lock
    pip install --no-deps --no-build-isolation --editable .
    pip check
}

pip() {
    .venv/bin/python -m pip --disable-pip-version-check --no-input -qq "$@" >&2 \
        || fail "the packages could not be installed: 'pip $1' failed. Mend what it says and run again."
}

install_system_libraries() {
    .venv/bin/python -c "import cv2" 2>/dev/null && return 0
    # shellcheck disable=SC2086 # two words, two packages
    apt_get $system_packages || true
    .venv/bin/python -c "import cv2" 2>/dev/null \
        || fail "system libraries are missing: as root, run: apt-get install $system_packages"
}

has_postgis() {
    server=$(command -v pg_ctlcluster) || return 1
    for control in "${server%/bin/*}"/share/postgresql/*/extension/postgis.control \
        "${server%/bin/*}"/usr/share/postgresql/*/extension/postgis.control; do
        if [ -e "$control" ]; then return 0; fi
    done
    return 1
}

# QGIS comes as a package of the system's Python, which may not be the first on the path.
has_qgis() {
    rest="$PATH:"
    while [ -n "$rest" ]; do
        folder=${rest%%:*}
        rest=${rest#*:}
        if [ -e "${folder%/bin}/lib/python3/dist-packages/qgis/__init__.py" ]; then return 0; fi
    done
    return 1
}

# A reader of PDF, a browser, a GIS and a detector of change that we did not write, and a database
# server that tests start for themselves. Nothing but tests needs them.
install_test_programs() {
    missing=""
    command -v pdfsig >/dev/null || missing="poppler-utils"
    command -v chromium >/dev/null || missing="$missing chromium"
    command -v openssl >/dev/null || missing="$missing openssl"
    has_postgis || missing="$missing postgresql postgresql-postgis"
    command -v gdalwarp >/dev/null || missing="$missing gdal-bin"
    command -v otbcli_MultivariateAlterationDetector >/dev/null || missing="$missing otb-bin"
    has_qgis || missing="$missing python3-qgis qgis-providers"
    [ -z "$missing" ] && return 0
    # shellcheck disable=SC2086 # one word for each package
    apt_get $missing \
        || say "some tests will be skipped: as root, run: apt-get install" $missing
}

# The process that reads untrusted files may write nothing, so it would compile its modules anew
# each time it starts. What is compiled already is only looked at.
compile_modules() {
    .venv/bin/python -m compileall -q api geo inspection sample_data >&2 || true
}

# Only what their sources ask for: nothing is built twice of the same ones.
build_pages() {
    .venv/bin/python tools/pages.py >&2 \
        || say "without its pages the service answers only programs; all else works"
}

if [ "${1:-}" = --find-python ]; then
    find_python || fail "no Python among $versions found."
    exit 0
fi
cd "$(dirname "$0")/.."
if ! is_ready; then
    rm -f .venv/.stamp
    install_packages
    install_system_libraries
    recipe >.venv/.stamp
    say "ready"
fi
compile_modules
build_pages
if [ "${1:-}" = --for-tests ]; then install_test_programs; fi
