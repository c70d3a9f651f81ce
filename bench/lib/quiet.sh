# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# A sample taken on a busy machine says little: each waits for a quiet one, for a bounded time, and knows whether it got it.

QUIET_PERCENT=80

# Sets BUSY to true or false, which goes with the samples that follow.
await_quiet() {
    local end=$((SECONDS + BERTH_BENCH_QUIET_SECONDS))
    BUSY=false
    until is_quiet; do
        ((SECONDS < end)) || {
            BUSY=true
            return 0
        }
    done
}

is_quiet() {
    local idle_before all_before
    read_processor_time
    idle_before=$IDLE all_before=$ALL
    pause 0.3
    read_processor_time
    (((IDLE - idle_before) * 100 >= (ALL - all_before) * QUIET_PERCENT))
}

# Idle and all ticks of all processors; guest time is in user time already, see proc_stat(5).
read_processor_time() {
    local user nice system iowait irq softirq steal
    read -r _ user nice system IDLE iowait irq softirq steal _ </proc/stat
    ALL=$((user + nice + system + IDLE + iowait + irq + softirq + steal))
}
