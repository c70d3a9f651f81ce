# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# An instance of Berth of the bench's own, by the launcher: for the logins, and to build what the other measures need.

# What is set here wins over every file of settings.
use_own_instance() {
    export BERTH_CONFIG=$DIRECTORY/none BERTH_INSTANCE=bbench BERTH_DEMO=no BERTH_DATABASE_URL=
    export BERTH_STATE_DIR=$DIRECTORY/state BERTH_LOG_DIR=$DIRECTORY/log BERTH_RUN_DIR=/run/berth-bench
    export BERTH_STORAGE=${BERTH_STORAGE:-btrfs} BERTH_POOL_BYTES=$((16 << 30))
    # no tenant is to be kept from another's leftovers here, and a run makes more containers than there are ranges
    export BERTH_UID_BASE=1879048192 BERTH_UID_RANGES=64 BERTH_UID_QUARANTINE=0
    export BERTH_IPV4=10.184.0.1/16 BERTH_IPV6=fd42:7a1c:b0e5:be9c::1/64
    export BERTH_HTTP_ADDRESS=127.0.0.1 BERTH_HTTP_PORT=18880 BERTH_SSH_ADDRESS=127.0.0.1 BERTH_SSH_PORT=18822
    export BERTH_DATABASE_PORT=18842
    export BERTH_PLATFORM_USER=berth BERTH_GATEWAY_USER=berth-gateway BERTH_MONITOR_USER=berth-monitor
    export BERTH_POSTGRES_USER=berth-postgres
    JAVA_HOME=${JAVA_HOME:-$(find_java_home)}
    export JAVA_HOME
}

# `berth bench` has found a JDK already; this is for a bench/run by itself.
find_java_home() {
    local home
    for home in /usr/lib/jvm/*; do
        if grep -qsE '^JAVA_VERSION="(2[5-9]|[3-9][0-9])' "$home/release" && [[ -x $home/bin/javac ]]; then
            printf '%s' "$home"
            return
        fi
    done
    die "no JDK 25 or newer found: run './berth bench', which installs one where it can"
}

bring_up() {
    local output password
    hand_over_password
    output=$("$BERTH_HOME/berth" up 9>&-) || die "'berth up' failed; what it said stands above"
    password=$(sed -n 's/^Admin: .*password \([^ ]*\).*/\1/p' <<<"$output")
    [[ -z $password ]] || (umask 077 && printf '%s' "$password" >"$WORK/admin.password")
}

# The platform takes what lies there at its start; after a first start nobody else knows the password.
hand_over_password() {
    [[ -e $BERTH_STATE_DIR/first-start.done ]] || return 0
    (umask 077 && head -c 64 /dev/urandom | sha256sum | cut -c1-40 | tr -d '\n' >"$WORK/admin.password")
    install -m 0600 -o "$BERTH_PLATFORM_USER" -g "$BERTH_PLATFORM_USER" "$WORK/admin.password" \
        "$BERTH_STATE_DIR/platform/admin.password"
}

bring_down() {
    [[ ! -s $WORK/admin.password || ! -e $BERTH_RUN_DIR/platform.pid ]] || (delete_login_container) || true
    "$BERTH_HOME/berth" down 9>&- || die "'berth down' failed; what it said stands above"
}

# A driver or an agent that was killed has left containers: opened and closed, the node clears them.
clear_instance() {
    [[ -e $BERTH_STATE_DIR/dist/current ]] || return 0
    if [[ -e $BERTH_RUN_DIR/agent.pid ]]; then
        "$BERTH_HOME/berth" down 9>&- || true
    elif [[ -n $(find /sys/fs/cgroup -maxdepth 2 -name "$BERTH_INSTANCE" -print -quit 2>/dev/null) ]]; then
        (berth_open && berth_close) || true
    fi
}
