#!/bin/sh
# Sets up what Leitstand needs: system packages, .venv, libraries. Quick where all is there.
#   tools/setup.sh         for the window and the commands
#   tools/setup.sh test    also the real peers that tests talk to
#   tools/setup.sh lab     also what the network of namespaces runs on every node
set -eu
cd "$(dirname "$0")/.."
PATH="$PATH:/sbin:/usr/sbin"

# What Qt loads at its start: the library, and Debian's package of it.
LIBRARIES="
libEGL.so.1 libegl1
libGL.so.1 libgl1
libglib-2.0.so.0 libglib2.0-0
libdbus-1.so.3 libdbus-1-3
libfontconfig.so.1 libfontconfig1
libxkbcommon-x11.so.0 libxkbcommon-x11-0
libX11-xcb.so.1 libx11-xcb1
libxcb-cursor.so.0 libxcb-cursor0
libxcb-icccm.so.4 libxcb-icccm4
libxcb-image.so.0 libxcb-image0
libxcb-keysyms.so.1 libxcb-keysyms1
libxcb-randr.so.0 libxcb-randr0
libxcb-render-util.so.0 libxcb-render-util0
libxcb-shape.so.0 libxcb-shape0
libxcb-sync.so.1 libxcb-sync1
libxcb-xfixes.so.0 libxcb-xfixes0
libxcb-xkb.so.1 libxcb-xkb1
"
PEERS="
snmpd snmpd
snmpbulkwalk snmp
sipp sip-tester
baresip baresip
"

LAB="
lldpd lldpd
vtysh frr
ip iproute2
"

say() { printf '%s\n' "$*" >&2; }
has() { command -v "$1" >/dev/null 2>&1; }
is_root() { [ "$(id -u)" = 0 ]; }
may_install() { has apt-get && { is_root || { has sudo && sudo -n true 2>/dev/null; }; }; }
as_root() { if is_root; then "$@"; else sudo -n "$@"; fi; }
new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
        if has "$name" && new_enough "$name"; then
            echo "$name"
            return
        fi
    done
}

missing_python() {
    python=$(find_python)
    if [ -n "$python" ]; then
        # Debian and Ubuntu ship venv's other half apart.
        "$python" -c 'import ensurepip, venv' 2>/dev/null ||
            "$python" -c 'import sys; print("python3.%d-venv" % sys.version_info[1])'
    elif has python3; then
        echo python3.11 python3.11-venv
    else
        echo python3 python3-venv
    fi
}

missing_libraries() {
    [ "$(uname -s)" = Linux ] && has ldconfig || return 0
    there=$(ldconfig -p)
    echo "$LIBRARIES" | while read -r library package; do
        case "$there" in *"${library:-.so}"*) ;; *) echo "$package" ;; esac
    done
    if [ -z "$(find /usr/share/fonts "$HOME/.fonts" "$HOME/.local/share/fonts" \
        \( -name '*.ttf' -o -name '*.otf' \) -print 2>/dev/null | head -n 1)" ]; then
        echo fonts-dejavu-core
    fi
}

missing_peers() { # list of programs and packages
    [ "$(uname -s)" = Linux ] || return 0
    echo "$1" | while read -r program package; do
        [ -z "$program" ] || has "$program" || echo "$package"
    done
}

install() { # packages; package lists are fetched only where they are needed
    export DEBIAN_FRONTEND=noninteractive
    say "Installing: $*"
    as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 || {
        as_root apt-get update -qq >/dev/null &&
            as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null
    }
}

require() { # what for, packages
    purpose=$1
    shift
    [ $# -eq 0 ] && return 0
    if may_install && install "$@"; then
        return 0
    fi
    say "$purpose: sudo apt-get install -y $*"
    return 1
}

# shellcheck disable=SC2046  # the lists are words
require "Leitstand needs packages of the system" $(missing_python) $(missing_libraries) || exit 1
if [ "${1:-run}" != run ]; then
    # shellcheck disable=SC2046
    require "Tests that talk to real peers are skipped without" $(missing_peers "$PEERS") || true
fi
if [ "${1:-run}" = lab ] && is_root; then
    # shellcheck disable=SC2046
    require "Tests in namespaces are skipped without" $(missing_peers "$LAB") || true
fi

python=$(find_python)
if [ -z "$python" ]; then
    say "Leitstand needs Python 3.11 or newer; name one with PYTHON=/path/to/python3 make setup"
    exit 1
fi
if ! .venv/bin/python -c 'import pip' 2>/dev/null || ! new_enough .venv/bin/python; then
    say "Making .venv with $python"
    rm -rf .venv
    "$python" -m venv .venv
fi
say "Installing the libraries that constraints.txt names"
PYTHONWARNINGS=ignore .venv/bin/python -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[test]'
touch ".venv/ready-${1:-run}"
