# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The SSH gateway beside OpenSSH's sshd in the same container: what a login takes, 16 at a time, an echo through a terminal, bulk
# data, files by SFTP, and what a connection costs that does nothing. The same client, key, account and commands, in turns.

SSH_PORT=2023 # of an sshd as Debian configures it, but for the limit on startups, which 16 at a time would meet
SSH_STARTUPS=200:30:300
CIPHERS=(aes128-gcm@openssh.com aes256-gcm@openssh.com chacha20-poly1305@openssh.com)
LOGINS_A_ROUND=20
CONCURRENT=16
CONCURRENT_LOGINS=96
WARMING_LOGINS=480 # of each end
SETTLING_LOGINS=1920 # more of Berth's: until then a good part of what a login costs it is the JIT's work, once and never again
WAKES_A_ROUND=2
ECHOES_A_ROUND=1000
IDLE_OF_SSHD=40 # more would show the same
SOURCES=10 # addresses that idle clients come from: no limit on one source is what is measured

measure_ssh() {
    local round end
    "${CC:-gcc}" -O2 -o "$WORK/wire" "$BENCH/wire.c" || die "bench/wire.c could not be compiled; see above"
    prepare_ssh || { missing "sshd inside" ssh "$PROBLEM" && return; }
    step "ssh: warming both"
    for end in gateway sshd; do
        warm $end "ssh login, processor time of the server, the first $WARMING_LOGINS" $WARMING_LOGINS
    done
    warm gateway "ssh login, processor time of the server, the next $SETTLING_LOGINS" $SETTLING_LOGINS
    for ((round = 1; round <= BERTH_BENCH_SAMPLES; round++)); do
        step "ssh: round $round of $BERTH_BENCH_SAMPLES"
        in_turns $round one_after_another
        in_turns $round at_once
        in_turns $round echoes
        in_turns $round bulk
        in_turns $round files
    done
    in_turns 1 idle_connections
    held_connections
    wakes
}

# Not timed, but what a server that has just started takes is no secret.
warm() {
    local before
    before=$(processor_time "$1")
    log_in_together "$1" "$3" || die "a login failed at ${TITLE[$1]}; see $BERTH_LOG_DIR/gateway.log"
    record "$2" "${TITLE[$1]}" $((($(processor_time "$1") - before) / $3))
}

# Each end first in every other round.
in_turns() {
    local round=$1 order=(gateway sshd) end
    shift
    ((round % 2)) || order=(sshd gateway)
    for end in "${order[@]}"; do
        await_quiet
        "$@" "$end"
    done
}

declare -A TITLE=([gateway]="Berth's gateway" [sshd]="sshd inside")

# Sets TO to the client's arguments for an end.
to() {
    [[ $1 == gateway ]] && TO=("${GATEWAY[@]}") || TO=("${STOCK[@]}")
}

prepare_ssh() {
    prepare_logins || return
    STOCK=(-p "$SSH_PORT" "root@$ADDRESS")
    client "${GATEWAY[@]}" "systemd-run -q --unit=sshd-bench /usr/sbin/sshd -D -p $SSH_PORT -o MaxStartups=$SSH_STARTUPS &&
        truncate -s $BERTH_BENCH_BYTES /var/tmp/source" || { PROBLEM="the container could not be made ready" && return 1; }
    await 30 client "${STOCK[@]}" true 2>/dev/null || { PROBLEM="no login to sshd at $ADDRESS port $SSH_PORT" && return 1; }
    truncate -s "$BERTH_BENCH_BYTES" "$WORK/source"
    LISTENER=$(pgrep -f "sshd: /usr/sbin/sshd -D -p $SSH_PORT .*listener") || { PROBLEM="no sshd listens" && return 1; }
}

# Latency of each, and what the server's side took of the processors for one.
one_after_another() {
    local turn before
    to "$1"
    before=$(processor_time "$1")
    for ((turn = 0; turn < LOGINS_A_ROUND; turn++)); do
        log_in "ssh login" "${TITLE[$1]}" "${TO[@]}"
    done
    record "ssh login, processor time of the server" "${TITLE[$1]}" $((($(processor_time "$1") - before) / LOGINS_A_ROUND))
}

# Microseconds that an end's processes have had, those that ended included. Berth's are gateway, platform, agent and the
# container's door, the user's shell below it, as it is below sshd; what the database, PAM and logind do counts for neither.
processor_time() {
    local roots=("$LISTENER")
    [[ $1 == sshd ]] || roots=("$(berth_pid agent)" "$(berth_pid gateway)" "$(berth_pid platform)")
    ticks_of "${roots[*]}" "$(pgrep -d ' ' -u "$BERTH_MONITOR_USER")"
}

berth_pid() {
    cut -d' ' -f1 "$BERTH_RUN_DIR/$1.pid"
}

# utime, stime, cutime and cstime (proc_pid_stat(5)) of trees of processes, without what is below others. A process may end meanwhile.
ticks_of() {
    { cat /proc/[0-9]*/stat 2>/dev/null || true; } | awk -v roots="$1" -v without="$2" -v hertz="$(getconf CLK_TCK)" '
        { pid = $1; sub(/^.*\) /, ""); parent[pid] = $2; ticks[pid] = $12 + $13 + $14 + $15 }
        END {
            split(roots, r, " "); for (i in r) inside[r[i]] = 1
            split(without, w, " "); for (i in w) outside[w[i]] = 1
            for (pid in ticks) {
                for (at = pid; at > 1 && !(at in inside) && !(at in outside); at = parent[at]);
                if (at in inside) sum += ticks[pid]
            }
            printf "%d", sum * 1000000 / hertz
        }'
}

at_once() {
    local begin end
    now begin
    log_in_together "$1" $CONCURRENT_LOGINS || die "$CONCURRENT logins at once, ${TITLE[$1]}: one failed; see $BERTH_LOG_DIR/gateway.log"
    now end
    record "ssh logins a second, $CONCURRENT at once" "${TITLE[$1]}" "$(awk "BEGIN { print $CONCURRENT_LOGINS * 1e6 / ($end - $begin) }")"
}

log_in_together() {
    to "$1"
    export -f client
    export WORK
    seq "$2" | xargs -P "$CONCURRENT" -I NUMBER bash -c 'client "$@" true </dev/null' _ "${TO[@]}" >&2
}

# A byte goes through the client, the server, the terminal, dd, and back; wire.c does not count the first 300. Without the delays
# that newer clients add to hide typing.
echoes() {
    local plain=(-o ObscureKeystrokeTiming=no)
    to "$1"
    ssh -F none -G "${plain[@]}" x >/dev/null 2>&1 || plain=()
    through echo $ECHOES_A_ROUND "${plain[@]}" -tt "${TO[@]}" "stty raw -echo && printf r && exec dd bs=1 count=$((ECHOES_A_ROUND + 300)) status=none" |
        record_each "ssh echo through a terminal" "${TITLE[$1]}"
}

through() {
    export -f client
    export WORK
    "$WORK/wire" "$1" "$2" bash -c 'client "$@"' _ "${@:3}" || die "wire $1, ${*:3}: failed"
}

record_each() {
    awk -v measure="$1" -v of="$2" -v busy="$BUSY" \
        '{ printf "{\"measure\":\"%s\",\"system\":\"%s\",\"value\":%s,\"busy\":%s}\n", measure, of, $1, busy }' >>"$SAMPLES"
}

bulk() {
    local cipher
    to "$1"
    for cipher in "${CIPHERS[@]}"; do
        through down 0 -c "$cipher" "${TO[@]}" "printf r && exec dd if=/dev/zero bs=1M count=$((BERTH_BENCH_BYTES >> 20)) status=none" |
            record_each "ssh throughput down, ${cipher%@*}" "${TITLE[$1]}"
        through up "$BERTH_BENCH_BYTES" -c "$cipher" "${TO[@]}" 'printf r && cat >/dev/null && printf d' |
            record_each "ssh throughput up, ${cipher%@*}" "${TITLE[$1]}"
    done
}

# A sparse file is read from memory, tmpfs written to: no disk. Timed within the batch, without the login.
files() {
    local begin got gap put output
    to "$1"
    output=$(printf '%s\n' '!date +%s%N' 'get /var/tmp/source /dev/null' '!date +%s%N' \
        '!date +%s%N' "put $WORK/source /dev/shm/target" '!date +%s%N' 'rm /dev/shm/target' |
        sftp_client "${TO[@]}" 2>"$WORK/sftp.log" | grep -E '^[0-9]+$') || die "sftp, ${TITLE[$1]}: failed; see $WORK/sftp.log"
    read -r begin got gap put <<<"${output//$'\n'/ }"
    record "ssh sftp get" "${TITLE[$1]}" $((BERTH_BENCH_BYTES * 1000000 / ((got - begin) / 1000)))
    record "ssh sftp put" "${TITLE[$1]}" $((BERTH_BENCH_BYTES * 1000000 / ((put - gap) / 1000)))
}

# sftp has -P for the port.
sftp_client() {
    local arguments=("${@/#-p/-P}")
    sftp -F none -i "$WORK/key" -o IdentitiesOnly=yes -o IdentityAgent=none -o ConnectTimeout=20 -o HostKeyAlgorithms=ssh-ed25519 \
        -o UserKnownHostsFile="$WORK/known_hosts" -o StrictHostKeyChecking=accept-new -b - "${arguments[@]}"
}

# Logged in, no channel. PSS of the gateway's process, of sshd's two processes each.
idle_connections() {
    local before count=$IDLE_OF_SSHD host=$ADDRESS port=$SSH_PORT user=root sources=0
    if [[ $1 == gateway ]]; then
        count=$BERTH_BENCH_CONNECTIONS host=127.0.0.1 port=$BERTH_SSH_PORT user=login sources=$SOURCES
    fi
    before=$(pss_of_end "$1")
    if open_idle "$host" "$port" "$user" "$count" "$sources"; then
        record "memory of an idle ssh connection" "${TITLE[$1]}" $((($(pss_of_end "$1") - before) / count))
        [[ $1 == sshd ]] || HELD=$(idle_held)
    else
        missing "${TITLE[$1]}" "memory of an idle ssh connection" "$IDLE_ANSWER; see $WORK/idle.log"
    fi
    [[ $1 == sshd ]] || client "${GATEWAY[@]}" true || missing "${TITLE[$1]}" "a login beside idle connections" "ssh failed"
    close_idle
}

pss_of_end() {
    if [[ $1 == gateway ]]; then
        berth_pid gateway | sum_of_pss
    else
        { pgrep -f '^sshd: root' || true; } | sum_of_pss
    fi
}

# From the client's start until its shell has ended again, in a container that was stopped before.
wakes() {
    local turn begin end
    for ((turn = 0; turn < BERTH_BENCH_SAMPLES * WAKES_A_ROUND; turn++)); do
        api POST /tenants/bench/containers/login/stop '{}' 202
        follow "stopping the container of the logins"
        await_quiet
        now begin
        client -tt "${GATEWAY[@]}" <<<exit >>"$WORK/wake.log" 2>&1 ||
            { missing "${TITLE[gateway]}" "ssh to a stopped container" "ssh failed; see $WORK/wake.log" && return; }
        now end
        record "ssh to a stopped container" "${TITLE[gateway]}" $((end - begin))
    done
}

held_connections() {
    [[ -z ${HELD:-} ]] || record "idle ssh connections held, of $BERTH_BENCH_CONNECTIONS" "${TITLE[gateway]}" "$HELD"
}

# open_idle HOST PORT USER COUNT SOURCES
open_idle() {
    coproc IDLE {
        exec "$JAVA_HOME/bin/java" -Xmx3g -XX:+UseSerialGC -XX:+UseCompactObjectHeaders -XX:-UsePerfData \
            -cp "$BERTH_STATE_DIR/dist/current/gateway/lib/*" "$BENCH/IdleClients.java" "$1" "$2" "$3" "$WORK/key" "$4" "$5" \
            2>"$WORK/idle.log" 8>&- 9>&-
    }
    IDLE_IN=${IDLE[0]} IDLE_OUT=${IDLE[1]} IDLE_DRIVER=$IDLE_PID
    read -r IDLE_ANSWER <&"$IDLE_IN" || IDLE_ANSWER="the clients have ended"
    [[ $IDLE_ANSWER == "open $4" ]]
}

idle_held() {
    printf '\n' >&"$IDLE_OUT"
    read -r IDLE_ANSWER <&"$IDLE_IN"
    printf '%s' "${IDLE_ANSWER#held }"
}

close_idle() {
    exec {IDLE_OUT}>&- || true
    wait "$IDLE_DRIVER" 2>/dev/null || true
}
