# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# systemd-nspawn: snapshots of one btrfs subvolume, an idmapped mount and a uid range of its own choice (-U), without machined.

NSPAWN_REBOOT=133 # EXIT_FORCE_RESTART, systemd's src/nspawn/nspawn.c
declare -A NSPAWN_PID=() # of each container's systemd-nspawn

nspawn_check() {
    command -v systemd-nspawn >/dev/null || { printf 'systemd-nspawn is not installed: apt install systemd-container' && return 1; }
    command -v mkfs.btrfs >/dev/null || { printf 'mkfs.btrfs is not installed: apt install btrfs-progs' && return 1; }
    is_unified || is_mounted_as 'name=systemd' || {
        printf 'this hybrid host has no name=systemd hierarchy, without which nspawn refuses to start: '
        printf 'mount -t cgroup -o none,name=systemd cgroup /sys/fs/cgroup/systemd'
        return 1
    }
}

nspawn_prepare() {
    NSPAWN_POOL=$WORK/btrfs
    nspawn_mount_pool || return
    [[ $(cat "$NSPAWN_POOL/base.ready" 2>/dev/null) == "$TREE" ]] || nspawn_make_base
}

nspawn_mount_pool() {
    mkdir -p "$NSPAWN_POOL"
    mountpoint -q "$NSPAWN_POOL" && return
    if [[ ! -e $NSPAWN_POOL.img ]]; then
        truncate -s 8G "$NSPAWN_POOL.new"
        mkfs.btrfs -q "$NSPAWN_POOL.new" || return
        mv "$NSPAWN_POOL.new" "$NSPAWN_POOL.img"
    fi
    mount -t btrfs -o loop,noatime "$NSPAWN_POOL.img" "$NSPAWN_POOL" # the loop device goes with the mount
}

nspawn_make_base() {
    step "making nspawn's base tree"
    [[ ! -e $NSPAWN_POOL/base ]] || btrfs -q subvolume delete "$NSPAWN_POOL/base" || return
    btrfs -q subvolume create "$NSPAWN_POOL/base" && cp -a "$TREE/." "$NSPAWN_POOL/base" || return
    touch "$NSPAWN_POOL/base$MARK"
    printf '%s' "$TREE" >"$NSPAWN_POOL/base.ready"
}

nspawn_create() {
    btrfs -q subvolume snapshot "$NSPAWN_POOL/base" "$NSPAWN_POOL/$1"
}

# In cgroups of its own from the start; --keep-unit makes it stay there.
nspawn_start() {
    (
        join_cgroup "$1" || exit
        exec systemd-nspawn -q -U -b -D "$NSPAWN_POOL/$1" -M "$1" --register=no --keep-unit --network-bridge="$BRIDGE" \
            --console=passive </dev/null >"$WORK/nspawn.log" 2>&1 8>&- 9>&-
    ) &
    NSPAWN_PID[$1]=$!
    await 30 nspawn_is_entered "$1"
}

nspawn_is_entered() {
    kill -0 "${NSPAWN_PID[$1]}" 2>/dev/null && nspawn_shell "$1" "[[ -e $MARK ]]" 2>/dev/null
}

# The child of systemd-nspawn that is PID 1 of a pid namespace.
nspawn_init() {
    local child children=()
    read -ra children 2>/dev/null <"/proc/${NSPAWN_PID[$1]}/task/${NSPAWN_PID[$1]}/children" || true
    for child in "${children[@]}"; do
        if is_first_in_namespace "$child"; then
            INIT=$child
            return 0
        fi
    done
    return 1
}

is_first_in_namespace() {
    local name first second
    while read -r name first second _; do
        [[ $name != NSpid: ]] || { [[ $second == 1 ]] && return; }
    done 2>/dev/null <"/proc/$1/status"
    return 1
}

# There is no attach without machined; nsenter is what its users take.
nspawn_shell() {
    nspawn_init "$1" && OUTPUT=$(nspawn_exec "$1" /bin/bash -c "$2" <"${3:-/dev/null}")
}

nspawn_exec() {
    shift
    nsenter -t "$INIT" -a -- "$@"
}

# SIGRTMIN+3: poweroff, see systemd(1).
nspawn_stop() {
    nspawn_init "$1" || return
    kill -s RTMIN+3 "$INIT"
    wait "${NSPAWN_PID[$1]}"
    unset "NSPAWN_PID[$1]"
}

# SIGINT is what ctrl-alt-del does: a reboot. With --keep-unit nspawn leaves the second start to its caller, by status 133.
nspawn_restart() {
    local status=0
    nspawn_init "$1" || return
    kill -s INT "$INIT"
    wait "${NSPAWN_PID[$1]}" || status=$?
    ((status == NSPAWN_REBOOT)) && nspawn_start "$1"
}

nspawn_delete() {
    leave_cgroup "$1"
    btrfs -q subvolume delete "$NSPAWN_POOL/$1"
}

# Also what an earlier run left: its processes are known by their cgroups.
nspawn_clear() {
    local tree
    kill_cgroups
    NSPAWN_PID=()
    : "${NSPAWN_POOL:=$WORK/btrfs}"
    for tree in "$NSPAWN_POOL/$PREFIX"*; do
        [[ ! -d $tree ]] || btrfs -q subvolume delete "$tree" >&2 || true
    done
    ! mountpoint -q "$NSPAWN_POOL" || umount "$NSPAWN_POOL"
}
