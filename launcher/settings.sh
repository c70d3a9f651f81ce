# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Settings: config/berth.conf has every one with its default; $BERTH_CONFIG and then the environment win over it.

# Fills every setting that has no value yet, so what is read first wins.
load_settings() {
    local defaults=$BERTH_HOME/config/berth.conf
    BERTH_CONFIG=${BERTH_CONFIG:-/etc/berth/berth.conf}
    mapfile -t SETTING_NAMES < <(sed -n 's/^\(BERTH_[A-Z0-9_]*\)=.*/\1/p' "$defaults")
    [[ ! -e $BERTH_CONFIG ]] || read_settings "$BERTH_CONFIG"
    read_settings "$defaults"
    check_settings
}

read_settings() {
    local file=$1 line name value number=0
    [[ -r $file ]] || die "$file cannot be read: run this as root"
    while IFS= read -r line || [[ -n $line ]]; do
        number=$((number + 1))
        line=${line#"${line%%[![:space:]]*}"}
        line=${line%"${line##*[![:space:]]}"}
        [[ -n $line && $line != '#'* ]] || continue
        name=${line%%=*}
        value=${line#*=}
        is_setting "$name" ||
            die "$file:$number: '$line' is no setting; config/berth.conf lists them all, as KEY=VALUE"
        [[ $value != '"'*'"' ]] || value=${value:1:${#value}-2}
        [[ -v $name ]] || printf -v "$name" '%s' "$value"
    done <"$file"
}

is_setting() {
    local name
    for name in "${SETTING_NAMES[@]}"; do
        [[ $name != "$1" ]] || return 0
    done
    return 1
}

# Only what the launcher itself acts on; the processes check the rest.
check_settings() {
    local name
    expect BERTH_INSTANCE '^[a-z][a-z0-9]{0,9}$' "1 to 10 of a-z and 0-9, beginning with a letter"
    for name in BERTH_STATE_DIR BERTH_RUN_DIR BERTH_LOG_DIR; do
        expect "$name" '^(/[A-Za-z0-9_][A-Za-z0-9._-]*){2,}$' "an absolute path of two names or more, such as /var/lib/berth"
    done
    for name in BERTH_HTTP_PORT BERTH_SSH_PORT BERTH_DATABASE_PORT; do
        expect "$name" '^[1-9][0-9]{0,4}$' "a TCP port from 1 to 65535"
        ((${!name} <= 65535)) || die "$name is '${!name}'; use a TCP port from 1 to 65535"
    done
    for name in BERTH_PLATFORM_USER BERTH_GATEWAY_USER BERTH_MONITOR_USER BERTH_POSTGRES_USER; do
        expect "$name" '^[a-z_][a-z0-9_-]{0,30}$' "an account's name"
        [[ ${!name} != root ]] || die "$name is 'root'; use an account without privileges, such as 'berth'"
    done
    expect BERTH_DEMO '^(yes|no)$' "yes or no"
}

expect() {
    [[ ${!1} =~ $2 ]] || die "$1 is '${!1}'; use $3"
}

# Makes the settings this shell's environment, and nothing else but what a process needs; the unset ones are left to the
# process's own defaults. By export and not by env(1), whose arguments every account on the machine could read.
only_settings_in_environment() {
    local name
    for name in $(compgen -e); do
        [[ $name == HOME || $name == TERM || $name == JAVA_HOME ]] || export -n "${name?}"
    done
    export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8
    for name in "${SETTING_NAMES[@]}"; do
        [[ -z ${!name} ]] || export "${name?}"
    done
    [[ $1 == platform ]] || export -n BERTH_DATABASE_URL # it may hold a password
}
