#!/bin/sh
# Runs the demo: with its window where there is a screen, else off screen for a minute.
set -eu
cd "$(dirname "$0")/.."
if [ "$(uname -s)" != Linux ] || [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    exec .venv/bin/python main.py demo
fi
echo "No display: the demo runs off screen for a minute; its pictures go to build/screenshots."
mkdir -p build/screenshots
.venv/bin/python main.py demo --home build/home --for 60 --screenshots build/screenshots
.venv/bin/python main.py status --home build/home --history build/home/demo/history.db
ls -1 build/screenshots/*.png
