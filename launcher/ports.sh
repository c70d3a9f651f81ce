# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Says who is in the way before anything is started.

check_ports() {
    is_running gateway || check_port "$BERTH_SSH_ADDRESS" BERTH_SSH_PORT
    is_running platform || check_port "$BERTH_HTTP_ADDRESS" BERTH_HTTP_PORT
    [[ -n $BERTH_DATABASE_URL ]] || is_running postgres || check_port 127.0.0.1 BERTH_DATABASE_PORT
}

check_port() {
    local port=${!2} address process
    while read -r _ _ _ address _ process; do
        is_same_address "$1" "${address%:*}" ||
            continue
        die "port $port is in use by $(listener "$process");" \
            "stop that, or set $2 to another port in $BERTH_CONFIG"
    done < <(ss -Hltnp "sport = :$port")
}

# A wildcard on either side is in the way of everything.
is_same_address() {
    local mine=${1//[\[\]]/} theirs=${2//[\[\]]/}
    theirs=${theirs%%%*}
    [[ $mine == "$theirs" || $mine == '::' || $mine == 0.0.0.0 || $theirs == '*' || $theirs == '::' || $theirs == 0.0.0.0 ]]
}

# users:(("nginx",pid=42,fd=6)) in words.
listener() {
    local form='\("([^"]*)",pid=([0-9]+)'
    if [[ $1 =~ $form ]]; then
        printf '%s (pid %s)' "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
    else
        printf 'another process'
    fi
}
