# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Attach and execution of a static program (nothing.c, and libc.c) in a running, booted container of each system's. Berth's is taken
# within the agent's JVM. The others are commands, timed from this shell; its own fork, exec and wait are in theirs, so the
# same program without any container is timed as well; for the warm ones by a C program that spawns it (spawn.c).

STATIC=/usr/local/lib/berth-bench
ATTACHES_A_ROUND=10
WARM_ATTACHES_A_ROUND=100

measure_attach() {
    local round turn
    compile nothing -nostdlib
    compile libc
    compile spawn
    make_attachable || return
    for ((round = 1; round <= BERTH_BENCH_SAMPLES; round++)); do
        await_quiet
        for ((turn = 0; turn < ATTACHES_A_ROUND; turn++)); do
            attach_once
        done
        [[ -z ${INIT_OF[berth]:-} ]] || attach_warm
    done
    end_attachable
}

compile() {
    local program=$1
    shift
    "${CC:-gcc}" -O2 -static "$@" -o "$WORK/$program" "$BENCH/$program.c" || die "bench/$program.c could not be compiled; see above"
}

# Starts one container of each system with the programs in it. INIT_OF has each one's PID 1.
make_attachable() {
    local system
    declare -gA INIT_OF=()
    for system in "${LIVING[@]}"; do
        make_one_attachable "$system" "$PREFIX$system" || {
            missing "$system" "attach + exec" "$PROBLEM"
            "${system}_clear"
        }
    done
    [[ -z ${INIT_OF[berth]:-} ]] || warm_up
}

make_one_attachable() {
    local system=$1 name=$2 program
    boot "$system" "$name" || return
    for program in nothing libc; do
        try "copying $program" "${system}_shell" "$name" "$(install_static "$program")" "$WORK/$program" || return
    done
    try "finding PID 1" "${system}_init" "$name" && INIT_OF[$system]=$INIT
}

# A user whose shell is the program: what is attached is then the program itself.
install_static() {
    echo "mkdir -p $STATIC && cat > $STATIC/$1 && chmod 755 $STATIC/$1 && echo $1:x:0:0::/:$STATIC/$1 >> /etc/passwd"
}

boot() {
    try create "$1_create" "$2" && try start "$1_start" "$2" && try "the boot" "$1_shell" "$2" "$BOOTED" || return
    is_running_guest "$1" "$2"
}

# The JIT's work is done in an agent that has been up for a while.
warm_up() {
    berth_ask attaches "${PREFIX}berth" nothing 3000
}

attach_once() {
    local begin end
    timed "attach + exec" "the same on the host" "$WORK/nothing"
    if [[ -n ${INIT_OF[berth]:-} ]] && berth_ask attach "${PREFIX}berth" nothing; then
        record "attach, until executed" berth "${ANSWER%% *}"
        record "attach + exec" berth "${ANSWER##* }"
        timed "attach + exec" "nsenter, same container" nsenter -t "${INIT_OF[berth]}" -a -- $STATIC/nothing
    fi
    [[ -z ${INIT_OF[lxc]:-} ]] || timed "attach + exec" lxc lxc_exec "${PREFIX}lxc" $STATIC/nothing
    INIT=${INIT_OF[nspawn]:-}
    [[ -z $INIT ]] || timed "attach + exec" nspawn nspawn_exec "${PREFIX}nspawn" $STATIC/nothing
}

# One right after the other within the agent: with nothing in between that cools the caches or lets a processor sleep.
attach_warm() {
    attaches_warm "attach + exec, warm" nothing
    attaches_warm "attach + exec of libc's, warm" libc
}

attaches_warm() {
    local measure=$1 program=$2 taken
    berth_ask attaches "${PREFIX}berth" "$program" "$WARM_ATTACHES_A_ROUND" || return
    for taken in $ANSWER; do
        record "$measure" berth "$taken"
    done
    for taken in $("$WORK/spawn" "$WORK/$program" "$WARM_ATTACHES_A_ROUND"); do
        record "$measure" "the same on the host" "$taken"
    done
}

timed() {
    local measure=$1 system=$2 begin end
    shift 2
    now begin
    "$@" </dev/null || die "$measure, $system: '$*' failed with status $?"
    now end
    record "$measure" "$system" $((end - begin))
}

end_attachable() {
    local system
    for system in "${!INIT_OF[@]}"; do
        "${system}_stop" "$PREFIX$system" && "${system}_delete" "$PREFIX$system" ||
            step "$system: the container of the attaches did not go"
    done
}
