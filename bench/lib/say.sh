# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What the bench says while it runs, on stderr, and how it ends.

step() {
    printf 'bench: %s\n' "$*" >&2
}

# One line: what is wrong, and the cure.
die() {
    printf 'bench: error: %s\n' "$*" >&2
    exit 1
}

# await SECONDS COMMAND…: until it succeeds; looks every 2 ms without starting a process for it.
await() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < end)) || return 1
        pause 0.002
    done
}

# A read that nothing ever answers; descriptor 8 is a pipe whose both ends are ours.
pause() {
    read -rt "$1" -u 8 || true
}

open_pause() {
    exec 8<> <(:)
}
