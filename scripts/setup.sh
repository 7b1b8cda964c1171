#!/bin/sh
# What `make` needs before it can run anything. Called by the Makefile, from the project's folder:
#   setup.sh environment run|test   build .venv and install the pinned dependencies and the project (editable)
#   setup.sh libraries run|test     install missing system libraries (root on Debian), or say which line installs them
#   setup.sh constraints            write constraints.txt anew
set -eu

venv=.venv

# Qt's own needs, then those of its X11 plugin. edgeperf_gui/system_libraries.py maps single libraries to these packages.
window_packages="libegl1 libgl1 libfontconfig1 libdbus-1-3 libglib2.0-0 libxkbcommon0
    libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxcb-xkb1 libxkbcommon-x11-0"
test_packages="xvfb"
# A real RTSP server for the stream tests. Nice to have: without it those tests are skipped and say so.
stream_packages="python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good
    gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly"

say() { printf '%s\n' "setup: $*" >&2; }
give_up() { say "$*"; exit 1; }

is_debian() { command -v dpkg-query >/dev/null 2>&1 && command -v apt-get >/dev/null 2>&1; }
is_root() { [ "$(id -u)" = 0 ]; }

# Debian 13 and Ubuntu 24.04 renamed some libraries to NAMEt64.
is_installed() {
    for name in "$1" "$1t64"; do
        case "$(dpkg-query -W -f '${db:Status-Status} ' "$name" 2>/dev/null)" in
            *"installed "*) return 0 ;;
        esac
    done
    return 1
}

missing_of() {
    for package in "$@"; do
        is_installed "$package" || printf '%s ' "$package"
    done
}

apt_install() {
    apt-get -q update >/dev/null 2>&1 || say "apt-get update failed; trying with the lists that are here."
    DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "$@" </dev/null >"$venv/apt.log" 2>&1
}

install_libraries() {
    is_debian || return 0  # elsewhere the wheels bring what they need, or `edgeperf doctor` names what is missing
    wanted=$window_packages
    [ "$1" = test ] && wanted="$wanted $test_packages"
    missing=$(missing_of $wanted)
    if [ -n "$missing" ] && is_root; then
        say "installing system libraries: $missing"
        apt_install $missing || say "apt-get could not install them (see $venv/apt.log); going on without."
    elif [ -n "$missing" ]; then
        say "system libraries are missing. Install them with:"
        say "  sudo apt-get install -y --no-install-recommends $missing"
        say "Going on without; what needs them will fail or be skipped."
    fi
    if [ "$1" = test ]; then install_stream_server; fi
}

install_stream_server() {
    [ -e "$venv/.tried-stream-server" ] && return 0
    missing=$(missing_of $stream_packages)
    if [ -n "$missing" ] && is_root; then
        say "installing a media server for the stream tests: $missing"
        apt_install $missing || say "apt-get could not install it (see $venv/apt.log); the stream tests will be skipped."
    elif [ -n "$missing" ]; then
        say "optional, for the stream tests: sudo apt-get install -y --no-install-recommends $missing"
    fi
    touch "$venv/.tried-stream-server"
}

fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1; }
has_venv() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }

# The first Python that fits; one that can make a venv is preferred to one that cannot.
find_python() {
    without_venv=
    for candidate in ${PYTHON_FOR_VENV:-} python3 python3.13 python3.12 python3.11 python; do
        fits "$candidate" || continue
        if has_venv "$candidate"; then
            printf '%s' "$candidate"
            return
        fi
        without_venv=${without_venv:-$candidate}
    done
    [ -n "$without_venv" ] || give_up "no Python 3.11, 3.12 or 3.13 found. Install one, or name it: PYTHON_FOR_VENV=/path/to/python3 make run"
    package=$("$without_venv" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    give_up "$without_venv cannot make a virtual environment (its ensurepip is missing). Install it with: sudo apt-get install -y $package"
}

# A .venv left half made, or moved with its folder, is made again.
make_venv() {
    if [ -x "$1/bin/python" ] && fits "$1/bin/python" && "$1/bin/python" -m pip --version >/dev/null 2>&1 &&
        [ "$("$1/bin/python" -c 'import sys; print(sys.prefix)')" = "$(pwd -P)/$1" ]; then
        return
    fi
    python=$(find_python) || exit 1
    rm -rf "$1"
    "$python" -m venv "$1" || give_up "$python could not make $1."
}

install_environment() {
    make_venv "$venv"
    pip="$venv/bin/python -m pip --disable-pip-version-check --quiet --no-input"
    groups=
    [ "$1" = test ] && groups="--group dev"
    say "installing the pinned dependencies into $venv (once; a few minutes on a slow line)"
    # The pip that comes with Python 3.11 knows neither dependency groups nor build constraints.
    $pip install --upgrade --constraint constraints.txt pip ||
        give_up "pip could not reach its package index; check the network or pip's own configuration (pip config list)."
    $pip install --constraint constraints.txt --build-constraint constraints.txt $groups --editable . ||
        give_up "pip could not install the dependencies (its own words are above)."
}

write_constraints() {
    rm -rf .venv-constraints
    make_venv .venv-constraints
    pip=".venv-constraints/bin/python -m pip --disable-pip-version-check --quiet --no-input"
    $pip install --upgrade pip
    requirements=$(.venv-constraints/bin/python -c '
import tomllib
project = tomllib.load(open("pyproject.toml", "rb"))
for line in project["build-system"]["requires"] + project["project"]["dependencies"] + project["dependency-groups"]["dev"]:
    print(line)')
    printf '%s\n' "$requirements" >.venv-constraints/requirements.txt
    $pip install --requirement .venv-constraints/requirements.txt
    {
        echo "# Versions that are tested together. Written by \`make constraints\` with Python 3.11; change pyproject.toml, not this file."
        $pip freeze --all --exclude setuptools --exclude wheel
    } >.venv-constraints/constraints.txt
    if grep -nE '://|@|^-' .venv-constraints/constraints.txt; then
        give_up "the lines above name a place instead of a version; constraints.txt is left as it was."
    fi
    mv .venv-constraints/constraints.txt constraints.txt
    rm -rf .venv-constraints
    say "constraints.txt pins $(grep -c == constraints.txt) packages"
}

case "${1:-} ${2:-}" in
    "environment run" | "environment test") install_environment "$2" ;;
    "libraries run" | "libraries test") install_libraries "$2" ;;
    "constraints ") write_constraints ;;
    *) give_up "usage: setup.sh environment run|test, setup.sh libraries run|test, setup.sh constraints" ;;
esac
