# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Finds a JDK of the oldest version that will do, or newer, and exports it as JAVA_HOME.

OLDEST_JDK=25

find_jdk() {
    local home
    while IFS= read -r home; do
        if is_jdk "$home"; then
            export JAVA_HOME=$home
            return 0
        fi
    done < <(jdk_candidates)
    return 1
}

jdk_candidates() {
    local home java
    printf '%s\n' "${JAVA_HOME:-/nonexistent}"
    for home in /usr/lib/jvm/*; do
        printf '%s\n' "$home"
    done
    if java=$(command -v java); then
        java=$(readlink -f "$java")
        printf '%s\n' "${java%/bin/java}"
    fi
}

# New enough, with a compiler, and within reach of the accounts that Berth's processes run as.
is_jdk() {
    local version
    [[ -x $1/bin/javac && -r $1/release ]] || return 1
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
    [[ -n $version ]] && ((version >= OLDEST_JDK)) || return 1
    [[ $EUID -ne 0 ]] || setpriv --reuid=65534 --regid=65534 --clear-groups test -x "$1/bin/java"
}
