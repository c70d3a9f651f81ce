# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Host memory for idle, booted containers: what runs outside for each one, and what the agent's own heap grows by. PSS: a page
# that is shared counts in parts, see proc(5) on smaps_rollup. Kernel memory is not in it.

measure_idle() {
    local system
    for system in "${LIVING[@]}"; do
        step "idle containers: $system"
        measure_idle_of "$system" || {
            missing "$system" "host memory" "$PROBLEM"
            "${system}_clear"
        }
    done
}

measure_idle_of() {
    local system=$1 index heap_before
    [[ $system != berth ]] || { try "a look at the heap" berth_ask memory && heap_before=$ANSWER || return; }
    for ((index = 1; index <= BERTH_BENCH_IDLE; index++)); do
        boot "$system" "$PREFIX$system$index" || return
    done
    await_quiet
    for ((index = 1; index <= BERTH_BENCH_IDLE; index++)); do
        try "finding PID 1" "${system}_init" "$PREFIX$system$index" || return
        record "host memory beside its processes" "$system" "$(pss_of_outside "$INIT")"
        record "its own processes" "$system" "$(pss_of_inside "$INIT")"
    done
    [[ $system != berth ]] || { try "a look at the heap" berth_ask memory && record_growth "$heap_before" || return; }
    for ((index = 1; index <= BERTH_BENCH_IDLE; index++)); do
        try stop "${system}_stop" "$PREFIX$system$index" && try delete "${system}_delete" "$PREFIX$system$index" || return
    done
}

record_growth() {
    record "growth of the agent's live heap" berth $(((ANSWER - $1) / BERTH_BENCH_IDLE))
}

# Its PID 1's ancestors below this bench, the agent or the host's init; and the agent's children that are in the
# container's network namespace, as the door is.
pss_of_outside() {
    outside_of "$1" | sort -un | sum_of_pss
}

outside_of() {
    local init=$1 pid namespace
    pid=$(parent_of "$init")
    while ((pid > 1 && pid != $$ && pid != ${BERTH_DRIVER:-0})); do
        printf '%s\n' "$pid"
        pid=$(parent_of "$pid")
    done
    namespace=$(readlink "/proc/$init/ns/net")
    [[ -z ${BERTH_DRIVER:-} ]] || for pid in $(children_of "$BERTH_DRIVER"); do
        [[ $(readlink "/proc/$pid/ns/net") != "$namespace" ]] || printf '%s\n' "$pid"
    done
}

pss_of_inside() {
    local namespace status
    namespace=$(readlink "/proc/$1/ns/pid")
    for status in /proc/[0-9]*/ns/pid; do
        [[ $(readlink "$status" 2>/dev/null) != "$namespace" ]] || printf '%s\n' "${status//[!0-9]/}"
    done | sum_of_pss
}

# Bytes.
sum_of_pss() {
    sed 's|.*|/proc/&/smaps_rollup|' | xargs -r cat 2>/dev/null | awk '/^Pss:/ { kilobytes += $2 } END { printf "%d", kilobytes * 1024 }'
}

parent_of() {
    awk '/^PPid:/ { print $2 }' "/proc/$1/status"
}

children_of() {
    cat "/proc/$1"/task/*/children 2>/dev/null || true
}
