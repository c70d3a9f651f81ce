# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Berth: the agent's own code (io.berth.core.runtime.Containers) in a JVM that stays warm as the agent does, see NodeDriver.java.

# On the state that `berth up` made, while nobody else uses it.
# BERTH_INSTEAD: class path that goes first. BERTH_WITHIN: what executes the JVM, if not this shell.
berth_open() {
    step "opening Berth's node"
    coproc DRIVER {
        ${BERTH_WITHIN:-exec} "$JAVA_HOME/bin/java" -Xmx256m -XX:+UseSerialGC -XX:+UseCompactObjectHeaders -XX:-UsePerfData \
            --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
            -cp "${BERTH_INSTEAD:-}$BERTH_STATE_DIR/dist/current/core/*:$BERTH_STATE_DIR/dist/current/core/lib/*" "$BENCH/NodeDriver.java" "$IMAGE" \
            2>>"$WORK/berth.log" 8>&- 9>&-
    }
    DRIVER_IN=${DRIVER[0]} DRIVER_OUT=${DRIVER[1]} BERTH_DRIVER=$DRIVER_PID
    berth_answer || die "Berth's node does not open; see $WORK/berth.log"
}

# Sets ANSWER to what came after ok.
berth_answer() {
    read -r ANSWER <&"$DRIVER_IN" || ANSWER="failed: the driver has ended; see $WORK/berth.log"
    [[ $ANSWER == ok* ]] || {
        step "Berth: $ANSWER"
        return 1
    }
    ANSWER=${ANSWER#ok}
    ANSWER=${ANSWER# }
}

berth_ask() {
    printf '%s\n' "$*" >&"$DRIVER_OUT"
    berth_answer
}

berth_close() {
    [[ -n ${BERTH_DRIVER:-} ]] || return 0
    exec {DRIVER_OUT}>&-
    wait "$BERTH_DRIVER" 2>/dev/null || step "Berth's node did not end cleanly; see $WORK/berth.log"
    BERTH_DRIVER=
}

berth_check() {
    return 0
}

berth_prepare() {
    return 0
}

berth_create() {
    berth_ask create "$1"
}

berth_start() {
    berth_ask start "$1"
}

# berth_shell NAME LINE [STDIN]: OUTPUT and the exit status are the line's.
berth_shell() {
    local status
    OUTPUT=
    berth_ask shell "$1" "${3:-/dev/null}" "$2" || return
    status=${ANSWER%% *}
    OUTPUT=${ANSWER#"$status"}
    OUTPUT=${OUTPUT# }
    return "$status"
}

berth_init() {
    berth_ask init "$1" && INIT=$ANSWER
}

berth_stop() {
    berth_ask stop "$1"
}

berth_restart() {
    berth_ask restart "$1"
}

berth_delete() {
    berth_ask delete "$1"
}

berth_clear() {
    berth_close
}
