# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# cgroups for systemd-nspawn: groups named $PREFIX… right below the hierarchies that are there, and nothing else.

CGROUPS=/sys/fs/cgroup

is_unified() {
    [[ $(stat -fc %T $CGROUPS) == cgroup2fs ]]
}

is_mounted_as() {
    awk -v option="$1" '$3 == "cgroup" && index("," $4 ",", "," option ",") { found = 1 } END { exit !found }' /proc/mounts
}

hierarchies() {
    if is_unified; then
        printf '%s\n' $CGROUPS
    else
        awk -v root="$CGROUPS/" '$3 ~ /^cgroup2?$/ && index($2, root) == 1 { print $2 }' /proc/mounts
    fi
}

# Puts this shell, which must be a subshell, into a group of that name.
join_cgroup() {
    local hierarchy
    while IFS= read -r hierarchy; do
        [[ $hierarchy != */cpuset ]] || continue # a new group there takes nobody until its cpus and mems are set
        mkdir -p "$hierarchy/$1" && printf '%s' "$BASHPID" >"$hierarchy/$1/cgroup.procs" || return
    done < <(hierarchies)
}

leave_cgroup() {
    local group
    while IFS= read -r group; do
        find "$group/$1" -depth -type d -exec rmdir {} \; 2>/dev/null
    done < <(hierarchies)
    return 0
}

# Kills what is in the bench's groups, of this run or one before, and removes them.
kill_cgroups() {
    local round group
    for round in 1 2 3 4 5 6 7 8 9 10; do
        cgroup_members | xargs -r kill -KILL 2>/dev/null || true
        [[ -n $(cgroup_members) ]] || break
        pause 0.1
    done
    while IFS= read -r group; do
        find "$group" -maxdepth 1 -type d -name "$PREFIX*" -exec find {} -depth -type d -exec rmdir {} \; \; 2>/dev/null
    done < <(hierarchies)
    return 0
}

cgroup_members() {
    local hierarchy
    while IFS= read -r hierarchy; do
        find "$hierarchy" -path "$hierarchy/$PREFIX*" -name cgroup.procs -exec cat {} + 2>/dev/null || true
    done < <(hierarchies) | sort -un
}
