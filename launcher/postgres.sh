# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The embedded PostgreSQL: binaries from the build, data in $BERTH_STATE_DIR/postgres/data, an account of its own, passwords by
# SCRAM only, fsync on. The superuser has no password: only peers of its own account get in, by the Unix socket.

POSTGRES_READY_SECONDS=120 # crash recovery replays what was written since the last checkpoint

uses_own_postgres() {
    [[ -z $BERTH_DATABASE_URL ]]
}

ensure_postgres() {
    uses_own_postgres || return 0
    unpack_postgres
    if ! is_running postgres; then
        end_orphans
        initialise_database
        ensure_database_password
        rm -rf "${BERTH_RUN_DIR:?}/postgres" # a killed one's socket lock, stale like its postmaster.pid
        directory 0711 "$BERTH_POSTGRES_USER" "$BERTH_POSTGRES_USER" "$BERTH_RUN_DIR/postgres"
        start_process postgres
    fi
    await_ready postgres "$POSTGRES_READY_SECONDS" postgres_is_ready
}

# Owned by root, so that the account cannot change what it runs. Sets POSTGRES_HOME.
unpack_postgres() {
    local archive version
    archive=$(compgen -G "$BERTH_HOME/platform/target/postgres/embedded-postgres-binaries-*.jar" | tail -n 1) ||
        die "the build left no PostgreSQL in platform/target/postgres; run 'rm target/launcher.build', then 'berth up' again"
    version=${archive##*-}
    version=${version%.jar}
    POSTGRES_HOME=$BERTH_STATE_DIR/dist/postgres-$version
    [[ ! -d $POSTGRES_HOME ]] || return 0
    step "unpacking PostgreSQL $version"
    rm -rf "$POSTGRES_HOME.new"
    mkdir "$POSTGRES_HOME.new"
    unzip -p "$archive" 'postgres-*.txz' | tar -xJ --no-same-owner -C "$POSTGRES_HOME.new"
    chmod -R u=rwX,go=rX "$POSTGRES_HOME.new"
    mv "$POSTGRES_HOME.new" "$POSTGRES_HOME"
}

as_postgres() {
    unprivileged "$BERTH_POSTGRES_USER"
    (cd / && exec 9<&- && exec "${UNPRIVILEGED[@]}" env -i LANG=C.UTF-8 "$@")
}

postgres_data() {
    printf '%s' "$BERTH_STATE_DIR/postgres/data"
}

# A killed postmaster's children end by themselves, but not at once, and a new one refuses to start beside them. They are
# known by their account and their working directory, which is the data. With them gone, a postmaster.pid is stale for
# certain; PostgreSQL itself would believe it while the dead one waits to be reaped.
end_orphans() {
    local pid uid
    uid=$(id -u "$BERTH_POSTGRES_USER")
    for pid in $(pgrep -u "$uid" || true); do
        [[ $(readlink "/proc/$pid/cwd" || true) == "$(postgres_data)" ]] || continue
        kill -QUIT "$pid" 2>/dev/null || true
        await 20 is_gone "$pid" || kill -KILL "$pid" 2>/dev/null || true
    done
    as_postgres rm -f "$(postgres_data)/postmaster.pid"
}

is_gone() {
    ! start_time "$1" >/dev/null
}

initialise_database() {
    local data log=$BERTH_LOG_DIR/postgres.log major
    data=$(postgres_data)
    if as_postgres test -e "$data/PG_VERSION"; then
        major=$(as_postgres cat "$data/PG_VERSION")
        [[ $POSTGRES_HOME == */postgres-"$major".* ]] ||
            die "$data is of PostgreSQL $major, this build brings ${POSTGRES_HOME##*-}; dump it with the old build, then load it"
        return 0
    fi
    step "making the database"
    as_postgres rm -rf "$data.new"
    as_postgres "$POSTGRES_HOME/bin/initdb" -D "$data.new" -U postgres -E UTF8 --locale=C.UTF-8 --data-checksums \
        --auth-local=reject --auth-host=reject >>"$log" 2>&1 || {
        show_end_of "$log"
        die "initdb failed; mend what $log says, then run 'berth up' again"
    }
    host_based_authentication | as_postgres tee "$data.new/pg_hba.conf" >/dev/null
    printf 'berth %s postgres\n' "$BERTH_POSTGRES_USER" | as_postgres tee "$data.new/pg_ident.conf" >/dev/null
    printf '%s\n' 'CREATE ROLE berth LOGIN' 'CREATE DATABASE berth OWNER berth' | single_user "$data.new"
    as_postgres mv -T "$data.new" "$data"
    rm -f "$BERTH_STATE_DIR/platform/database.password"
}

host_based_authentication() {
    printf '%s\n' \
        '# Written by Berth when it made this database.' \
        'local all postgres peer map=berth' \
        'local all all scram-sha-256' \
        'host all all 127.0.0.1/32 scram-sha-256'
}

# Statements, one a line, for a database that no server has open; see postgres(1), single-user mode.
single_user() {
    local log=$BERTH_LOG_DIR/postgres.log
    as_postgres "$POSTGRES_HOME/bin/postgres" --single -D "$1" -c log_statement=none -c log_min_error_statement=panic postgres \
        >/dev/null 2>>"$log" || {
        show_end_of "$log"
        die "PostgreSQL could not set its database up; mend what $log says, then run 'berth up' again"
    }
}

# The server has to be down: the role gets the password first, and the file says so last.
ensure_database_password() {
    local file=$BERTH_STATE_DIR/platform/database.password word
    [[ ! -s $file ]] || return 0
    word=$(random_word 40)
    printf "ALTER ROLE berth PASSWORD '%s'\n" "$word" | single_user "$(postgres_data)"
    write_secret 0600 "$BERTH_PLATFORM_USER:$BERTH_PLATFORM_USER" "$file" "$word"
}

# shellcheck disable=SC2034 # process.sh reads COMMAND
postgres_command() {
    COMMAND=(
        "$POSTGRES_HOME/bin/postgres" -D "$(postgres_data)"
        -c listen_addresses=127.0.0.1 -c "port=$BERTH_DATABASE_PORT"
        -c "unix_socket_directories=$BERTH_RUN_DIR/postgres" -c unix_socket_permissions=0777
        -c password_encryption=scram-sha-256 -c fsync=on -c shared_buffers=64MB
        -c logging_collector=off -c 'log_line_prefix=%m [%p] ' -c "cluster_name=$BERTH_INSTANCE"
    )
}

# The eighth line of postmaster.pid says whether connections are accepted (PostgreSQL's miscadmin.h, PM_STATUS_READY).
postgres_is_ready() {
    [[ $(as_postgres sed -n '8s/ *$//p' "$(postgres_data)/postmaster.pid" 2>/dev/null) == ready ]] &&
        [[ $(as_postgres sed -n 1p "$(postgres_data)/postmaster.pid" 2>/dev/null) == "$(pid_of postgres)" ]]
}

# SIGINT is the fast mode: transactions are rolled back, everything is written; see postgres(1).
stop_postgres() {
    stop_process postgres INT 60
    if getent passwd "$BERTH_POSTGRES_USER" >/dev/null; then
        end_orphans
    fi
    rm -rf "${BERTH_RUN_DIR:?}/postgres"
}
