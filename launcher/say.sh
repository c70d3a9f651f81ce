# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What the launcher says: progress and errors on stderr, results on stdout.

step() {
    printf 'berth: %s\n' "$*" >&2
}

# One line: what is wrong, and the cure.
die() {
    printf 'berth: error: %s\n' "$*" >&2
    exit 1
}

# The end of a log, before the line that dies of it: what was written since its first $2 bytes.
show_end_of() {
    local first=${2:-0}
    [[ -s $1 ]] || return 0
    printf '%s\n' "--- last lines of $1" >&2
    tail -c "+$((first + 1))" -- "$1" | tail -n 20 >&2
    printf '%s\n' '---' >&2
}

require_root() {
    [[ $EUID -eq 0 ]] || die "'berth $1' needs root: run it with sudo"
}
