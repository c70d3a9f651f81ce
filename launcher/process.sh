# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Berth's processes: their command lines, their start under their own accounts, and how each is known again later: by
# $BERTH_RUN_DIR/NAME.pid, which holds the pid and its start time in clock ticks (field 22 of /proc/PID/stat).

declare -A MAIN_CLASS=(
    [agent]=io.berth.core.agent.AgentMain
    [platform]=io.berth.platform.PlatformApplication
    [gateway]=io.berth.gateway.GatewayMain
)
declare -A JARS_OF=([agent]=core [platform]=platform [gateway]=gateway)
declare -A HEAP_OF=([agent]=256m [platform]=512m [gateway]=256m)
declare -A LOG_BEFORE=() # how long each log was when this run started its process
STARTED=() # by this run, in this order

account_of() {
    case $1 in
        agent) printf root ;;
        platform) printf '%s' "$BERTH_PLATFORM_USER" ;;
        gateway) printf '%s' "$BERTH_GATEWAY_USER" ;;
        postgres) printf '%s' "$BERTH_POSTGRES_USER" ;;
    esac
}

# Sets COMMAND: the process's own command line, without the change of account; $2 is a directory for temporary files.
command_of() {
    local scratch=$2
    if [[ $1 == postgres ]]; then
        postgres_command
        return
    fi
    COMMAND=(
        "$JAVA_HOME/bin/java" "-Xmx${HEAP_OF[$1]}" -XX:+UseSerialGC -XX:+UseCompactObjectHeaders
        -XX:-UsePerfData -XX:+ExitOnOutOfMemoryError "-XX:ErrorFile=$scratch/crash.log"
        --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow
        "-Djava.io.tmpdir=$scratch"
        -cp "$(class_path "${JARS_OF[$1]}")" "${MAIN_CLASS[$1]}"
    )
}

# The module's own jar first: where a library has a resource of the same name, the module's counts.
class_path() {
    printf '%s' "$DIST/$1/*:$DIST/$1/lib/*"
}

# Sets UNPRIVILEGED: what stands before a command that must run as the account, with no way to any capability.
unprivileged() {
    UNPRIVILEGED=(
        setpriv --reuid "$1" --regid "$1" --init-groups
        --inh-caps=-all --ambient-caps=-all --bounding-set=-all --no-new-privs --
    )
}

# A session of its own, the settings as its only environment, its log opened by root, nothing else inherited.
start_process() {
    local name=$1 log=$BERTH_LOG_DIR/$1.log
    UNPRIVILEGED=()
    [[ $name == agent ]] || unprivileged "$(account_of "$name")"
    [[ $name == postgres ]] || ensure_scratch "$name" "$(account_of "$name")"
    command_of "$name" "$BERTH_STATE_DIR/tmp/$name"
    step "starting $name"
    rotate "$log"
    LOG_BEFORE[$name]=$(stat -c %s -- "$log" 2>/dev/null || printf 0)
    (
        cd /
        umask 027
        exec 9<&- </dev/null >>"$log" 2>&1
        [[ $name != agent ]] || umask 022 # dnsmasq, as nobody, reads what the agent writes for it
        unset HOME TERM
        only_settings_in_environment "$name"
        exec setsid "${UNPRIVILEGED[@]}" "${COMMAND[@]}"
    ) &
    remember "$name" "$!"
    STARTED+=("$name")
}

remember() {
    local file=$BERTH_RUN_DIR/$1.pid
    printf '%s %s\n' "$2" "$(start_time "$2")" >"$file.new"
    mv "$file.new" "$file"
    disown "$2" 2>/dev/null || true
}

# Bounds a log that nobody rotates; one older file is kept.
rotate() {
    local bytes=0
    [[ ! -e $1 ]] || bytes=$(stat -c %s -- "$1")
    ((bytes < 16 * 1024 * 1024)) || mv -f -- "$1" "$1.1"
}

# Field 22 of /proc/PID/stat, see proc_pid_stat(5); the name in field 2 may hold spaces and parentheses. A zombie has none.
start_time() {
    local stat
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    read -ra stat <<<"${stat##*) }"
    [[ ${stat[0]} != Z ]] && printf '%s' "${stat[19]}"
}

# The pid of a process that was started earlier and still lives, else nothing and a failure.
pid_of() {
    local pid ticks
    read -r pid ticks 2>/dev/null <"$BERTH_RUN_DIR/$1.pid" || return 1
    [[ -n $ticks && $(start_time "$pid") == "$ticks" ]] || return 1
    printf '%s' "$pid"
}

is_running() {
    pid_of "$1" >/dev/null
}

# Killed rather than stopped: its pid file stands, its process is gone.
was_killed() {
    [[ -e $BERTH_RUN_DIR/$1.pid ]] && ! is_running "$1"
}

# The build that a running process was started from.
running_build() {
    local pid
    pid=$(pid_of "$1") || return 0
    tr '\0' '\n' <"/proc/$pid/cmdline" | sed -n "s|^$BERTH_STATE_DIR/dist/\([0-9a-f]*\)/.*|\1|p"
}

# await SECONDS CHECK…: whether the check came true in time.
await() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < end)) || return 1
        sleep 0.1
    done
}

# await_ready NAME SECONDS CHECK…: dies when the process ends or the time does.
await_ready() {
    local name=$1 seconds=$2
    shift 2
    await "$seconds" ready_or_ended "$name" "$@" || {
        show_end_of "$BERTH_LOG_DIR/$name.log" "${LOG_BEFORE[$name]:-0}"
        die "$name is not ready after $seconds s; what it waits for is in $BERTH_LOG_DIR/$name.log"
    }
    is_running "$name" || {
        show_end_of "$BERTH_LOG_DIR/$name.log" "${LOG_BEFORE[$name]:-0}"
        die "$name ended while it started; mend what its log $BERTH_LOG_DIR/$name.log says, then run 'berth up' again"
    }
}

ready_or_ended() {
    local name=$1
    shift
    ! is_running "$name" || "$@"
}

# Asks a process to end, then insists; its pid file goes with it.
stop_process() {
    local name=$1 signal=$2 seconds=$3 pid
    if pid=$(pid_of "$name"); then
        step "stopping $name"
        kill -s "$signal" "$pid" 2>/dev/null || true
        await "$seconds" has_ended "$name" || {
            step "$name did not end in $seconds s; killing it"
            kill -KILL "$pid" 2>/dev/null || true
            await 10 has_ended "$name" || die "$name (pid $pid) cannot be killed; look at it with 'ps -o stat,wchan -p $pid'"
        }
    fi
    rm -f "$BERTH_RUN_DIR/$name.pid"
}

has_ended() {
    ! is_running "$1"
}
