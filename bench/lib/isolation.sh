# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What isolation costs: create → shell, and attach + exec, with all of Berth's mechanisms and without each of them. Berth cannot leave
# one out. So for a variant, a class of Berth's is compiled here in its place (isolation/without-…), and stands before Berth's own
# on the class path of the bench's JVM; none of it is ever installed.

ISOLATION_ROUNDS=2
ISOLATION_LIVES_UNCOUNTED=3
ISOLATION_WARM_UP=1500 # attaches, until the JIT has done its work
MECHANISMS=(seccomp capabilities masks idcheck lxcfs)

measure_isolation() {
    local round mechanism
    berth_close # each variant has a JVM of its own
    compile nothing -nostdlib
    for mechanism in "${MECHANISMS[@]}"; do
        [[ ! -d $BENCH/isolation/without-$mechanism ]] || compile_variant "$mechanism"
    done
    for ((round = 1; round <= ISOLATION_ROUNDS; round++)); do
        measure_variant berth
        for mechanism in "${MECHANISMS[@]}"; do
            measure_variant "without $mechanism" "$mechanism"
        done
        measure_variant "without any of them" "${MECHANISMS[@]}"
    done
    berth_open
}

compile_variant() {
    local out=$WORK/isolation/$1
    mkdir -p "$out"
    find "$BENCH/isolation/without-$1" -name '*.java' -print0 | xargs -0 "$JAVA_HOME/bin/javac" -nowarn -proc:none -d "$out" \
        -cp "$BERTH_STATE_DIR/dist/current/core/*:$BERTH_STATE_DIR/dist/current/core/lib/*" ||
        die "bench/isolation/without-$1 does not compile; see above"
}

# measure_variant SYSTEM [MECHANISM]…: without these.
measure_variant() {
    local system=$1 instead='' hidden=() mechanism name=${PREFIX}isolation turn counted=$SAMPLES
    shift
    for mechanism in "$@"; do
        [[ $mechanism == lxcfs ]] && hidden=(hide_lxcfs) || instead+=$WORK/isolation/$mechanism:
    done
    step "isolation: $system"
    BERTH_INSTEAD=$instead BERTH_WITHIN=${hidden[*]} berth_open
    berth_ask tree || die "Berth has no image $IMAGE" # a new JVM has not looked for it yet
    for ((turn = 1 - ISOLATION_LIVES_UNCOUNTED; turn <= BERTH_BENCH_SAMPLES; turn++)); do
        SAMPLES=$counted
        ((turn > 0)) || SAMPLES=$WORK/uncounted.jsonl
        await_quiet
        variant_life "$system" "$name" || { SAMPLES=$counted && missing "$system" isolation "$PROBLEM" && break; }
    done
    SAMPLES=$counted
    variant_attaches "$system" "$name" || missing "$system" "isolation: attach" "$PROBLEM"
    berth_close
}

variant_life() {
    local system=$1 name=$2 begin entered
    now begin
    try create berth_create "$name" && try start berth_start "$name" || return
    await 30 berth_shell "$name" "${MARKED[berth]}" || { PROBLEM="no shell within 30 s" && return 1; }
    now entered
    record "isolation: create -> shell" "$system" $((entered - begin))
    berth_shell "$name" "$BOOTED" || true # what is deleted half-way through its boot leaves more to do
    try delete berth_delete "$name"
}

variant_attaches() {
    local system=$1 name=$2 taken
    try create berth_create "$name" && try start berth_start "$name" || return
    berth_shell "$name" "$BOOTED" || true # with CAP_SYS_RAWIO, systemd ends degraded, as it then mounts what it can't
    try "copying nothing" berth_shell "$name" "$(install_static nothing)" "$WORK/nothing" || return
    berth_ask attaches "$name" nothing $ISOLATION_WARM_UP || return
    await_quiet
    berth_ask attaches "$name" nothing $((BERTH_BENCH_SAMPLES * 20)) || return
    for taken in $ANSWER; do
        record "isolation: attach + exec, warm" "$system" "$taken"
    done
    try delete berth_delete "$name"
}

# hide_lxcfs COMMAND…: in a mount namespace where the program is nothing, which is how a host without it looks.
hide_lxcfs() {
    # shellcheck disable=SC2016 # for the inner shell
    exec unshare --mount --propagation slave bash -c \
        'program=$(command -v lxcfs) && mount --bind /dev/null "$program"; exec "$@"' - "$@"
}
