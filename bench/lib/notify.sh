# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What system calls cost below the container's filter, and without one: notify.c times them, in a booted container and on the host.
# An emulated or denied call waits for the agent; an untouched one must cost what it costs without a filter.

NOTIFY_PROGRAM=/usr/local/lib/berth-bench/notify

measure_notify() {
    local name=${PREFIX}berth
    "${CC:-gcc}" -O2 -static -o "$WORK/notify" "$BENCH/notify.c" || die "bench/notify.c could not be compiled; see above"
    step "system calls: berth"
    boot berth "$name" && try "copying the program" berth_shell "$name" \
        "mkdir -p ${NOTIFY_PROGRAM%/*} && cat > $NOTIFY_PROGRAM && chmod 755 $NOTIFY_PROGRAM" "$WORK/notify" || {
        missing berth "system calls" "$PROBLEM"
        berth_clear
        return
    }
    await_quiet
    if try "the program" berth_shell "$name" "$NOTIFY_PROGRAM /var/tmp $((BERTH_BENCH_SAMPLES * 100)) > /var/tmp/notify.out && cat /var/tmp/notify.out"; then
        record_calls berth "$OUTPUT"
    else
        missing berth "system calls" "$PROBLEM"
    fi
    await_quiet
    record_calls "the same on the host" "$("$WORK/notify" "$WORK" $((BERTH_BENCH_SAMPLES * 100)) | tr '\n' ' ')"
    berth_stop "$name" && berth_delete "$name" || step "berth: the container of the system calls did not go"
}

# record_calls SYSTEM SAMPLES: each sample is MEASURE=MICROSECONDS, with _ for blanks.
record_calls() {
    local sample measure
    for sample in $2; do
        measure=${sample%%=*}
        record "${measure//_/ }" "$1" "${sample#*=}"
    done
}
