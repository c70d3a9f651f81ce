# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# One life of one container: create, a shell, systemd running, restart, stop, delete. The systems take turns. The first rounds
# are not counted: they bring every system's files into the page cache, and the agent's JVM out of its interpreter.

UNCOUNTED_ROUNDS=3

measure_lives() {
    local round system counted=$SAMPLES
    for ((round = 1 - UNCOUNTED_ROUNDS; round <= BERTH_BENCH_SAMPLES; round++)); do
        step "lives: round $round of $BERTH_BENCH_SAMPLES"
        SAMPLES=$counted
        ((round > 0)) || SAMPLES=$WORK/uncounted.jsonl
        for system in "${LIVING[@]}"; do
            ! is_missing "$system" lives || continue
            await_quiet
            measure_life "$system" "$PREFIX$system" || {
                SAMPLES=$counted
                missing "$system" lives "$PROBLEM"
                "${system}_clear"
            }
        done
    done
}

# Sets PROBLEM where it fails.
measure_life() {
    local system=$1 name=$2 begin created started entered booted own
    now begin
    try "create" "${system}_create" "$name" || return
    now created
    try "start" "${system}_start" "$name" || return
    now started
    await 30 "${system}_shell" "$name" "${MARKED[$system]}" || { PROBLEM="no shell within 30 s" && return 1; }
    now entered
    "${system}_shell" "$name" "$BOOTED" || true
    now booted
    is_running_guest "$system" "$name" || return
    try "systemd's own time" "${system}_shell" "$name" "$OWN_BOOT" || return
    own=$OUTPUT
    record create "$system" $((created - begin))
    record "create + start" "$system" $((started - begin))
    record "create -> shell" "$system" $((entered - begin))
    record "create -> systemd running" "$system" $((booted - begin))
    record "systemd's own boot" "$system" "$own"
    record "create -> running, beyond systemd's own boot" "$system" $((booted - begin - own))
    measure_restart "$system" "$name" && measure_end "$system" "$name"
}

try() {
    local what=$1
    shift
    "$@" || { PROBLEM="$what failed with status $?" && return 1; }
}

# OUTPUT is systemd's state.
is_running_guest() {
    local state=$OUTPUT
    [[ $state == running ]] || {
        "$1_shell" "$2" "$FAILED_UNITS" || true
        PROBLEM="systemd is '$state', failed units: ${OUTPUT:-none}"
        return 1
    }
}

# await_quiet again: systemd goes on with its idle work after it has said running.
measure_restart() {
    local system=$1 name=$2 begin end
    try "stamp" "${system}_shell" "$name" "$STAMP" || return
    await_quiet
    now begin
    try "restart" "${system}_restart" "$name" || return
    await 60 "${system}_shell" "$name" "$REBOOTED" 2>/dev/null || { PROBLEM="not up within 60 s after restart" && return 1; }
    now end
    is_running_guest "$system" "$name" || return
    record "restart -> systemd running" "$system" $((end - begin))
}

measure_end() {
    local system=$1 name=$2 begin end
    await_quiet
    now begin
    try "stop" "${system}_stop" "$name" || return
    now end
    record stop "$system" $((end - begin))
    now begin
    try "delete" "${system}_delete" "$name" || return
    now end
    record delete "$system" $((end - begin))
}
