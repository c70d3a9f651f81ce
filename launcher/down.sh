# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# `berth down`: ends everything, leaves nothing behind but the data.

SHUTDOWN_SECONDS=150 # containers get a grace time for their own shutdown, all at once

down() {
    local purge=no yes=no argument
    for argument in "$@"; do
        case $argument in
            --purge) purge=yes ;;
            --yes) yes=yes ;;
            *) die "'berth down' knows no '$argument'; it takes --purge and --yes" ;;
        esac
    done
    require_root down
    if [[ -d $BERTH_STATE_DIR ]]; then
        is_state_directory || die_of_foreign_directory
        [[ $purge == no || $yes == yes ]] || confirm_purge
        lock
        stop_all
    fi
    [[ $purge == no ]] || purge
}

stop_all() {
    stop_process gateway TERM 20
    stop_process platform TERM 30
    ensure_agent_ended
    ! uses_own_postgres || stop_postgres
    sweep
    rm -rf "${BERTH_STATE_DIR:?}/tmp"
}

# An agent that was killed may have left containers: a new one picks them up and stops them properly. When there are none, it
# does not matter whether that succeeds.
ensure_agent_ended() {
    if was_killed agent || { ! is_running agent && [[ $(has_containers) == yes ]]; }; then
        step "the agent was killed; starting it to stop what it left"
        (restart_agent) || [[ $(has_containers) == no ]] ||
            die "containers still run, and the agent that should stop them does not start; mend that, then run 'berth down' again"
    fi
    ! is_running agent || shut_down_agent
    rm -f "$BERTH_RUN_DIR/agent.pid"
}

restart_agent() {
    find_jdk || die_without_jdk_now
    find_deployed
    start_process agent
    await_ready agent 60 agent_is_ready
}

shut_down_agent() {
    step "stopping containers and agent"
    (command_line_interface shutdown) >&2 9<&- || true
    await "$SHUTDOWN_SECONDS" has_ended agent || {
        show_end_of "$BERTH_LOG_DIR/agent.log"
        die "the agent did not stop its containers in $SHUTDOWN_SECONDS s; end it with" \
            "'kill -9 $(pid_of agent)', then run 'berth down' again"
    }
    rm -f "$BERTH_RUN_DIR/agent.pid"
}

# The agent cleans up by itself; what still stands here belongs to an agent that could not, and is of this instance by name.
# A loop device lets go of its file a moment after the unmount, hence the patience.
sweep() {
    local left
    await 3 is_swept || remove_leftovers
    await 10 is_swept || left=$(leftovers)
    remove_run_directory
    [[ -z ${left:-} ]] || die "still there: ${left//$'\n'/, }; end the processes that use them, then run 'berth down' again"
}

is_swept() {
    [[ -z $(leftovers) ]]
}

# shellcheck disable=SC2317 # await calls it through is_swept
leftovers() {
    name_servers | sed 's/^/dnsmasq /'
    mounts_below | sed 's/^/mount /'
    loop_devices | sed 's/^/loop device /'
    ip -o link show dev "${BERTH_INSTANCE}0" 2>/dev/null | awk -F': ' '{ print "link " $2 }'
    nft list tables 2>/dev/null | awk -v name="$BERTH_INSTANCE" '$3 == name { print "nftables table " $2 " " $3 }'
    cgroups | sed 's/^/cgroup /'
}

# The instance's dnsmasq is known by the configuration that it was given.
name_servers() {
    local pid
    for pid in $(pgrep -x dnsmasq || true); do
        ! tr '\0' '\n' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF -- "=$BERTH_RUN_DIR/" || printf '%s\n' "$pid"
    done
}

mounts_below() {
    awk -v state="$BERTH_STATE_DIR/" -v run="$BERTH_RUN_DIR/" \
        'index($5, state) == 1 || index($5, run) == 1 { print $5 }' /proc/self/mountinfo | sort -r
}

loop_devices() {
    losetup -nO NAME,BACK-FILE 2>/dev/null | awk -v state="$BERTH_STATE_DIR/" 'index($2, state) == 1 { print $1 }'
}

cgroups() {
    find /sys/fs/cgroup -maxdepth 2 -mindepth 1 -type d -name "$BERTH_INSTANCE" 2>/dev/null || true
}

remove_is_swept() {
    [[ -z $(leftovers) ]]
}

# shellcheck disable=SC2317 # await calls it through is_swept
leftovers() {
    local name family
    while IFS= read -r name; do
        kill "$name" 2>/dev/null || true
        await 5 is_gone "$name" || true
    done < <(name_servers)
    while IFS= read -r name; do umount -- "$name" 2>/dev/null || true; done < <(mounts_below)
    while IFS= read -r name; do losetup -d "$name" 2>/dev/null || true; done < <(loop_devices)
    ip link delete "${BERTH_INSTANCE}0" 2>/dev/null || true
    while read -r _ family name; do
        [[ $name != "$BERTH_INSTANCE" ]] || nft delete table "$family" "$name" 2>/dev/null || true
    done < <(nft list tables 2>/dev/null)
    while IFS= read -r name; do
        find "$name" -depth -type d -exec rmdir -- {} + 2>/dev/null || true
    done < <(cgroups)
}

remove_run_directory() {
    [[ ! -d $BERTH_RUN_DIR ]] || find "$BERTH_RUN_DIR" -xdev -mindepth 1 -delete
    rmdir -- "$BERTH_RUN_DIR" 2>/dev/null || true
}

confirm_purge() {
    local answer
    printf 'This deletes every container, image and account below %s.\nType %s to go on: ' \
        "$BERTH_STATE_DIR" "$BERTH_INSTANCE" >&2
    read -r answer || answer=
    [[ $answer == "$BERTH_INSTANCE" ]] || die "nothing was deleted; type '$BERTH_INSTANCE', or give --yes"
}

purge() {
    local name
    if [[ -d $BERTH_STATE_DIR ]]; then
        rm -rf --one-file-system -- "${BERTH_STATE_DIR:?}"
    fi
    for name in agent gateway platform postgres build packages; do
        rm -f -- "$BERTH_LOG_DIR/$name.log" "$BERTH_LOG_DIR/$name.log.1"
    done
    rmdir -- "$BERTH_LOG_DIR" 2>/dev/null || true
}
