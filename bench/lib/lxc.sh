# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# LXC: unprivileged containers as overlays over one base, by Debian's lxc-* tools.

LXC_ID_BASE=1000000 # beside Berth's ranges; the ids are those of the base tree's owner
LXC_IDS=65536

lxc_check() {
    command -v lxc-start >/dev/null || { printf 'lxc-start is not installed: apt install lxc' && return 1; }
}

lxc_prepare() {
    lxc_link_tools
    [[ $(cat "$LXC_PATH/base/ready" 2>/dev/null) == "$TREE" ]] || lxc_make_base || return
    lxc_write_config "$LXC_PATH/base/config"
}

# As root, LXC can write id maps itself, but leaves it to newuidmap(1) where it finds that, which then wants entries in
# /etc/subuid. Without it on the path, the bench needs no change there.
lxc_link_tools() {
    LXC_PATH=$WORK/lxc
    LXC_TOOLS=$WORK/lxc-tools
    rm -rf "$LXC_TOOLS"
    mkdir "$LXC_TOOLS"
    ln -sf /usr/local/sbin/* /usr/sbin/* /sbin/* /usr/local/bin/* /usr/bin/* /bin/* "$LXC_TOOLS/"
    rm -f "$LXC_TOOLS/newuidmap" "$LXC_TOOLS/newgidmap"
}

# Without the bench's own descriptors, the lock above all: the monitor would keep it when the bench is killed.
lxc_tool() {
    PATH=$LXC_TOOLS "$@" 8>&- 9>&-
}

# Unprivileged LXC has no idmapped overlays: the tree's owners are shifted on disk, in a user namespace.
lxc_make_base() {
    local base=$LXC_PATH/base
    step "making LXC's base tree"
    rm -rf "$base"
    install -d -m 0755 "$LXC_PATH" "$base"
    install -d -m 0755 -o $LXC_ID_BASE -g $LXC_ID_BASE "$base/rootfs"
    tar -C "$TREE" --numeric-owner --xattrs --xattrs-include='*' --exclude='./dev/*' -c . |
        lxc_user_namespace tar -C "$base/rootfs" --numeric-owner --xattrs --xattrs-include='*' -x || return
    lxc_user_namespace touch "$base/rootfs$MARK" || return
    printf '%s' "$TREE" >"$base/ready"
}

lxc_user_namespace() {
    lxc_tool lxc-usernsexec -m "u:0:$LXC_ID_BASE:$LXC_IDS" -m "g:0:$LXC_ID_BASE:$LXC_IDS" -- "$@"
}

# sys_rawio: with it, a guest's systemd tries to mount debugfs, fails, and calls itself degraded. sys:mixed: with a read-only
# /sys more units fail. AppArmor is not asked of any system.
lxc_write_config() {
    cat >"$1" <<END
lxc.include = /usr/share/lxc/config/common.conf
lxc.include = /usr/share/lxc/config/userns.conf
lxc.arch = linux64
lxc.idmap = u 0 $LXC_ID_BASE $LXC_IDS
lxc.idmap = g 0 $LXC_ID_BASE $LXC_IDS
lxc.apparmor.profile = unconfined
lxc.cap.drop = sys_rawio
lxc.mount.auto = sys:mixed
lxc.net.0.type = veth
lxc.net.0.link = $BRIDGE
lxc.net.0.flags = up
lxc.rootfs.path = dir:$LXC_PATH/base/rootfs
lxc.uts.name = base
END
}

lxc_create() {
    lxc_tool lxc-copy -P "$LXC_PATH" -n base -N "$1" -s -B overlayfs >"$WORK/lxc.log" 2>&1
}

lxc_start() {
    lxc_tool lxc-start -P "$LXC_PATH" -n "$1" -o "$WORK/lxc.log" -l WARN >&2
}

lxc_shell() {
    OUTPUT=$(lxc_exec "$1" /bin/bash -c "$2" <"${3:-/dev/null}")
}

# --clear-env: the path of the guest's, not the bench's.
lxc_exec() {
    local name=$1
    shift
    lxc_tool lxc-attach -P "$LXC_PATH" -n "$name" --clear-env -- "$@"
}

lxc_init() {
    INIT=$(lxc_tool lxc-info -P "$LXC_PATH" -n "$1" -pH) && [[ -n $INIT ]]
}

lxc_stop() {
    lxc_tool lxc-stop -P "$LXC_PATH" -n "$1"
}

lxc_restart() {
    lxc_tool lxc-stop -P "$LXC_PATH" -n "$1" --reboot
}

lxc_delete() {
    lxc_tool lxc-destroy -P "$LXC_PATH" -n "$1" >"$WORK/lxc.log" 2>&1
}

# Also what an earlier run left. Names of containers begin with $PREFIX.
lxc_clear() {
    local name
    lxc_check >/dev/null && [[ -d $WORK/lxc ]] || return 0
    lxc_link_tools
    for name in "$LXC_PATH/$PREFIX"*; do
        [[ -d $name ]] || continue
        name=${name##*/}
        lxc_tool lxc-stop -P "$LXC_PATH" -n "$name" -k >/dev/null 2>&1 || true
        lxc_tool lxc-destroy -P "$LXC_PATH" -n "$name" -f >/dev/null 2>&1 || rm -rf "${LXC_PATH:?}/$name"
    done
    # where monitors go while their groups are removed; empty unless somebody else's LXC is at it
    while IFS= read -r name; do
        rmdir "$name/lxc.pivot" 2>/dev/null || true
    done < <(hierarchies)
}
