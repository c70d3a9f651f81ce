# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# `ssh HOST true` into one running container of Berth's: through the gateway, and to OpenSSH's sshd inside that container. The
# same client, key, account and command, no connection shared. sshd is Debian's as it is installed, and once more without PAM.

PLAIN_PORT=2022 # the sshd without PAM
SAME_KEX=curve25519-sha256

measure_logins() {
    local round
    prepare_logins || { missing "sshd inside" login "$PROBLEM" && return; }
    warm_logins
    for ((round = 1; round <= BERTH_BENCH_SAMPLES; round++)); do
        await_quiet
        log_in login "Berth's gateway" "${GATEWAY[@]}"
        log_in login "sshd inside" "${SSHD[@]}"
        log_in login "sshd inside, no PAM" "${PLAIN[@]}"
        log_in "login, $SAME_KEX" "Berth's gateway" -o KexAlgorithms=$SAME_KEX "${GATEWAY[@]}"
        log_in "login, $SAME_KEX" "sshd inside" -o KexAlgorithms=$SAME_KEX "${SSHD[@]}"
        log_in "login, $SAME_KEX" "sshd inside, no PAM" -o KexAlgorithms=$SAME_KEX "${PLAIN[@]}"
    done
}

log_in() {
    local measure=$1 system=$2 begin end
    shift 2
    now begin
    client "$@" true || die "$measure, $system: ssh failed with status $?; see $BERTH_LOG_DIR/gateway.log"
    now end
    record "$measure" "$system" $((end - begin))
}

# Every end as warm as the others; the gateway's JVM gains by it as it would within its first hour.
warm_logins() {
    local turn
    for ((turn = 0; turn < 20; turn++)); do
        client "${GATEWAY[@]}" true && client "${SSHD[@]}" true && client "${PLAIN[@]}" true || return
    done
}

# -F none: no configuration of the machine's or its user's.
client() {
    ssh -F none -i "$WORK/key" -o IdentitiesOnly=yes -o IdentityAgent=none -o BatchMode=yes -o ConnectTimeout=20 \
        -o ControlMaster=no -o ControlPath=none -o HostKeyAlgorithms=ssh-ed25519 -o LogLevel=ERROR \
        -o UserKnownHostsFile="$WORK/known_hosts" -o StrictHostKeyChecking=accept-new "$@"
}

# Sets GATEWAY, SSHD and PLAIN: ssh's arguments.
prepare_logins() {
    rm -f "$WORK/known_hosts"
    [[ -s $WORK/key && -s $WORK/key.pub ]] || ssh-keygen -q -t ed25519 -N '' -C bench -f "$WORK/key" <<<y >&2
    make_login_container
    GATEWAY=(-p "$BERTH_SSH_PORT" login@127.0.0.1)
    await 60 client_is_in || { PROBLEM="no login through the gateway within 60 s: $(client "${GATEWAY[@]}" true 2>&1 | tail -n 1)" && return 1; }
    find_tree && fetch_sshd || return
    install_sshd || return
    await 30 find_address ||
        { PROBLEM="the container has no IPv4 address: $(client "${GATEWAY[@]}" 'ip -br address' 2>&1 | tr '\n' ' ')" && return 1; }
    SSHD=("root@$ADDRESS")
    PLAIN=(-p "$PLAIN_PORT" "root@$ADDRESS")
    await 30 client "${SSHD[@]}" true 2>/dev/null && await 30 client "${PLAIN[@]}" true 2>/dev/null ||
        { PROBLEM="no login to sshd at $ADDRESS: $(client "${SSHD[@]}" true 2>&1 | tail -n 1)" && return 1; }
}

# By DHCP, so it may come later than the boot.
find_address() {
    ADDRESS=$(client "${GATEWAY[@]}" "ip -4 -o address show dev eth0 scope global" | awk '{ sub("/.*", "", $4); print $4; exit }')
    [[ -n $ADDRESS ]]
}

client_is_in() {
    client "${GATEWAY[@]}" true 2>/dev/null
}

make_login_container() {
    api POST /tenants '{"name":"bench"}' 201 409
    api POST /tenants/bench/ssh-keys "$(jq -nc --arg key "$(<"$WORK/key.pub")" '{name: "bench", publicKey: $key}')" 201 409
    api GET /images '' 200
    jq -e --arg alias "$IMAGE" 'any(.items[]; .alias == $alias and .current)' <<<"$API_BODY" >/dev/null || {
        api POST /images "$(jq -nc --arg alias "$IMAGE" '{alias: $alias}')" 202
        follow "building the image $IMAGE (some minutes, once)"
    }
    delete_login_container
    api POST /tenants/bench/containers "$(jq -nc --arg image "$IMAGE" '{name: "login", image: $image, limits: {memoryBytes: 3221225472}}')" 202
    follow "making the container for the logins"
}

delete_login_container() {
    api DELETE /tenants/bench/containers/login '' 202 404
    [[ $API_STATUS == 404 ]] || follow "deleting the container of the logins"
}

# Until the operation of the last answer has ended.
follow() {
    local id state
    step "$1"
    id=$(jq -r .id <<<"$API_BODY")
    while state=$(jq -r .state <<<"$API_BODY") && [[ $state == PENDING || $state == RUNNING ]]; do
        api GET "/operations/$id?wait=30s" '' 200
    done
    [[ $state == SUCCEEDED ]] || die "$1: $(jq -r '.error.detail // .error.title // .state' <<<"$API_BODY")"
}

# api METHOD PATH JSON STATUS…: sets API_STATUS and API_BODY, dies of any other status.
api() {
    local method=$1 path=$2 json=$3 answer expected
    shift 3
    answer=$(printf 'user = "admin:%s"\n' "$(<"$WORK/admin.password")" |
        curl -sS --noproxy '*' --max-time 90 -K - -X "$method" -H 'Content-Type: application/json' ${json:+--data "$json"} \
            -w '\n%{http_code}' "http://127.0.0.1:$BERTH_HTTP_PORT/api/v1$path") || die "the platform does not answer"
    API_STATUS=${answer##*$'\n'}
    API_BODY=${answer%$'\n'*}
    for expected in "$@"; do
        [[ $API_STATUS != "$expected" ]] || return 0
    done
    die "$method $path: $API_STATUS $(jq -r '.detail // .title // .' <<<"$API_BODY" 2>/dev/null)"
}

# The packages that this image lacks for an sshd, by the host's apt, which knows the way to the mirror; kept for the next run.
fetch_sshd() {
    local debs=$WORK/sshd apt
    [[ $(cat "$debs/ready" 2>/dev/null) != "$TREE" ]] || return 0
    step "fetching openssh-server for the container"
    rm -rf "$debs"
    mkdir -p "$debs"/{lists,archives}/partial
    chown -R _apt: "$debs" 2>/dev/null || true
    apt=(apt-get -q -y -o "Dir::State::lists=$debs/lists" -o "Dir::State::status=$TREE/var/lib/dpkg/status"
        -o "Dir::Cache::archives=$debs/archives" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=
        -o "Dir::Etc::sourcelist=$TREE/etc/apt/sources.list" -o "Dir::Etc::sourceparts=$TREE/etc/apt/sources.list.d"
        -o "Dir::State::extended_states=$debs/extended_states" -o Debug::NoLocking=1)
    "${apt[@]}" update >"$WORK/apt.log" 2>&1 &&
        "${apt[@]}" --no-install-recommends --download-only install openssh-server >>"$WORK/apt.log" 2>&1 || {
        PROBLEM="openssh-server could not be fetched for the container; see $WORK/apt.log"
        return 1
    }
    printf '%s' "$TREE" >"$debs/ready"
}

# Account root is locked in the image; without PAM sshd would refuse it for that.
install_sshd() {
    step "installing sshd in the container"
    tar -C "$WORK/sshd/archives" --exclude=partial --exclude=lock -c . |
        client "${GATEWAY[@]}" 'mkdir -p /var/tmp/debs && tar -C /var/tmp/debs -x && export DEBIAN_FRONTEND=noninteractive &&
            dpkg --install /var/tmp/debs/*.deb && usermod -p "*" root' >"$WORK/dpkg.log" 2>&1 &&
        client "${GATEWAY[@]}" 'mkdir -p -m 700 /root/.ssh && cat >/root/.ssh/authorized_keys' <"$WORK/key.pub" &&
        client "${GATEWAY[@]}" "systemctl start ssh && systemd-run -q --unit=sshd-plain /usr/sbin/sshd -D -p $PLAIN_PORT -o UsePAM=no" || {
        PROBLEM="openssh-server could not be installed in the container; see $WORK/dpkg.log"
        return 1
    }
}

# The image's files in the pool, as long as the instance runs; see io.berth.core.storage.PoolDirectories.
find_tree() {
    api GET /images '' 200
    TREE=$BERTH_STATE_DIR/pool/images/$(jq -r --arg alias "$IMAGE" \
        'first(.items[] | select(.alias == $alias and .current)).id | ltrimstr("sha256:")' <<<"$API_BODY")
    [[ -d $TREE ]] || { PROBLEM="the image's tree is not at $TREE" && return 1; }
}
