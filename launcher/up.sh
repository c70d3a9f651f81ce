# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# `berth up`: each step leaves alone what already is as it should be.

up() {
    require_root up
    ensure_packages "${NEEDED_TO_RUN[@]}"
    ensure_accounts
    ensure_directories
    lock
    check_ports
    ensure_built
    deploy
    ensure_secrets
    CONTAINERS_BEFORE=$(has_containers)
    trap 'undo_start' EXIT
    ensure_postgres
    ensure_agent
    ensure_platform
    ensure_gateway
    trap - EXIT
    mention_old_builds
    [[ $BERTH_DEMO == no ]] || ensure_demo
    report
}

# One up or down at a time. The descriptor is of a directory, so nothing is left behind; processes get it closed.
lock() {
    exec 9<"$BERTH_STATE_DIR"
    flock -n 9 || {
        step "another 'berth up' or 'berth down' is under way; waiting for it"
        flock 9
    }
}

ensure_agent() {
    is_running agent || start_process agent
    await_ready agent 60 agent_is_ready
}

# yes or no: whether a process is in one of the instance's cgroups.
has_containers() {
    local list
    while IFS= read -r list; do
        [[ -z $(head -c 1 -- "$list" 2>/dev/null) ]] || { printf yes && return; }
    done < <(cgroups | while IFS= read -r parent; do find "$parent" -name cgroup.procs; done)
    printf no
}

# Flags 00010000 in /proc/net/unix: the socket accepts connections (__SO_ACCEPTCON, include/linux/net.h). The name there is
# the one that it was bound to; the agent renames it once it listens.
agent_is_ready() {
    [[ -S $BERTH_RUN_DIR/agent.sock ]] && awk -v path="$BERTH_RUN_DIR/agent.sock.new" \
        '$4 == "00010000" && $8 == path { found = 1 } END { exit !found }' /proc/net/unix
}

ensure_platform() {
    is_running platform || start_process platform
    await_ready platform 120 platform_is_ready
}

platform_is_ready() {
    curl -fs -o /dev/null --max-time 5 --noproxy '*' "$(portal)/actuator/health"
}

ensure_gateway() {
    is_running gateway || start_process gateway
    await_ready gateway 60 gateway_is_ready
}

gateway_is_ready() {
    [[ -n $(gateway_host_key) ]]
}

# As known_hosts has it: type and key.
gateway_host_key() {
    ssh-keyscan -t ed25519 -T 5 -p "$BERTH_SSH_PORT" "$(reachable "$BERTH_SSH_ADDRESS")" 2>/dev/null |
        sed -n '1s/^[^ ]* //p'
}

# An address to connect to, for one to listen on.
reachable() {
    case $1 in
        :: | 0.0.0.0 | '[::]' | localhost) printf 'localhost' ;;
        *) printf '%s' "$1" ;;
    esac
}

portal() {
    local host
    host=$(reachable "$BERTH_HTTP_ADDRESS")
    [[ $host != *:* || $host == '['* ]] || host="[$host]"
    printf 'http://%s:%s' "$host" "$BERTH_HTTP_PORT"
}

# When a process does not get ready, those that this run started are stopped again, the newest first.
undo_start() {
    local index name
    trap - EXIT
    for ((index = ${#STARTED[@]} - 1; index >= 0; index--)); do
        name=${STARTED[index]}
        case $name in
            agent) undo_agent ;;
            postgres) stop_postgres ;;
            *) stop_process "$name" TERM 20 ;;
        esac
    done
    is_running agent || [[ $CONTAINERS_BEFORE == yes ]] || sweep
    exit 1
}

# Containers that were running before this agent are not the ones to suffer.
undo_agent() {
    if [[ $CONTAINERS_BEFORE == no ]] && is_running agent && agent_is_ready; then
        shut_down_agent
    else
        stop_process agent TERM 20
    fi
}

mention_old_builds() {
    local name
    for name in agent platform gateway; do
        [[ $(running_build "$name") == "${DIST##*/}" ]] ||
            step "$name still runs the build before; 'berth down' and 'berth up' change to the new one"
    done
}

report() {
    printf 'Portal: %s\n' "$(portal)"
    if is_first_start; then
        printf 'Admin: user admin, password %s (shown only now)\n' "$(<"$(pending_password)")"
        end_first_start
    fi
    [[ $BERTH_DEMO == no ]] || report_demo
}
