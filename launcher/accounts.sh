# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Accounts, directories with their exact modes, and secrets.

STATE_MARK=.berth-state # without it, a directory is neither used nor purged

ensure_accounts() {
    local account
    for account in "$BERTH_PLATFORM_USER" "$BERTH_GATEWAY_USER" "$BERTH_MONITOR_USER" "$BERTH_POSTGRES_USER"; do
        getent passwd "$account" >/dev/null || make_account "$account"
    done
}

make_account() {
    step "making the system account $1"
    useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin "$1" ||
        die "useradd could not make the account $1; make it by hand, or name another in $BERTH_CONFIG"
}

ensure_directories() {
    is_state_directory || [[ -z $(ls -A -- "$BERTH_STATE_DIR" 2>/dev/null) ]] || die_of_foreign_directory
    directory 0755 root root "$BERTH_STATE_DIR"
    : >"$BERTH_STATE_DIR/$STATE_MARK"
    directory 0755 root root "$BERTH_STATE_DIR/dist"
    directory 0700 root root "$BERTH_STATE_DIR/agent"
    directory 0700 root root "$BERTH_STATE_DIR/pool"
    directory 0750 "$BERTH_PLATFORM_USER" "$BERTH_GATEWAY_USER" "$BERTH_STATE_DIR/platform" # gateway.token is for both
    directory 0700 "$BERTH_GATEWAY_USER" "$BERTH_GATEWAY_USER" "$BERTH_STATE_DIR/gateway"
    directory 0700 "$BERTH_POSTGRES_USER" "$BERTH_POSTGRES_USER" "$BERTH_STATE_DIR/postgres"
    directory 0750 root adm "$BERTH_LOG_DIR"
    directory 0711 root root "$BERTH_RUN_DIR" # every peer reaches the agent's socket, which asks who it is
}

is_state_directory() {
    [[ -e $BERTH_STATE_DIR/$STATE_MARK ]]
}

die_of_foreign_directory() {
    die "$BERTH_STATE_DIR holds something that is not Berth's; set BERTH_STATE_DIR in $BERTH_CONFIG to a directory of its own"
}

# Only the last name of the path is given the mode; what is above is made as the system makes it.
directory() {
    [[ ! -L $4 ]] || die "$4 is a symbolic link; Berth's directories must be real ones"
    mkdir -p -- "$4"
    [[ $(stat -c '%a %U %G' -- "$4") == "${1#0} $2 $3" ]] || {
        chown -- "$2:$3" "$4"
        chmod -- "$1" "$4"
    }
}

# JVMs unpack native libraries here instead of /tmp; each its own, empty at start.
ensure_scratch() {
    directory 0755 root root "$BERTH_STATE_DIR/tmp"
    rm -rf "${BERTH_STATE_DIR:?}/tmp/$1"
    directory 0700 "$2" "$2" "$BERTH_STATE_DIR/tmp/$1"
}

random_word() {
    head -c 1024 /dev/urandom | LC_ALL=C tr -dc 'A-HJ-NP-Za-km-z2-9' | cut -c "1-$1"
}

# write_secret MODE OWNER:GROUP FILE VALUE: complete or not at all. It is made where only root can write and then renamed, as
# the owner of FILE's directory could have put a symbolic link there.
write_secret() {
    local new
    new=$(mktemp "$BERTH_STATE_DIR/.secret.XXXXXX")
    printf '%s' "$4" >"$new"
    chown -- "$2" "$new"
    chmod -- "$1" "$new"
    mv -fT -- "$new" "$3"
}

# The database's password is made together with its role, in postgres.sh.
ensure_secrets() {
    local platform=$BERTH_STATE_DIR/platform
    [[ -s $platform/gateway.token ]] ||
        write_secret 0640 "$BERTH_PLATFORM_USER:$BERTH_GATEWAY_USER" "$platform/gateway.token" "$(random_word 43)"
    is_first_start || return 0
    [[ -s $(pending_password) ]] || write_secret 0600 root:root "$(pending_password)" "$(random_word 20)"
    [[ -e $BERTH_STATE_DIR/admin.given ]] || {
        write_secret 0600 "$BERTH_PLATFORM_USER:$BERTH_PLATFORM_USER" "$platform/admin.password" "$(<"$(pending_password)")"
        : >"$BERTH_STATE_DIR/admin.given"
    }
}

# The first start lasts until an `up` has come to its end; until then, root alone can read the admin's password.
is_first_start() {
    [[ ! -e $BERTH_STATE_DIR/first-start.done ]]
}

pending_password() {
    printf '%s' "$BERTH_STATE_DIR/admin.pending"
}

end_first_start() {
    : >"$BERTH_STATE_DIR/first-start.done"
    rm -f "$(pending_password)" "$BERTH_STATE_DIR/admin.given"
}
