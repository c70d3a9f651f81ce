# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The first tenant with the first container, made through the same REST interface as everybody else's.

DEMO_IMAGE=debian/bookworm
DEMO_LOGIN_SECONDS=60

ensure_demo() {
    local directory=$BERTH_STATE_DIR/demo
    if is_first_start; then
        directory 0755 root root "$directory"
        make_demo
        write_known_hosts
        await_demo_login || die "the container demo was made, but the login fails: $LOGIN_ANSWER; see 'berth logs gateway'"
    elif [[ -d $directory ]]; then
        write_known_hosts
        await_demo_login || step "the login to demo does not work now: $LOGIN_ANSWER"
    fi
}

make_demo() {
    api POST /tenants '{"name":"demo"}'
    expect_answer 201 409
    ensure_demo_keys
    ensure_demo_image
    api POST /tenants/demo/containers "$(jq -nc --arg image "$DEMO_IMAGE" '{name: "demo", image: $image}')"
    expect_answer 202 409
    [[ $API_STATUS == 409 ]] || follow_operation "making the container demo"
}

# The caller's own keys where the platform takes one, else a fresh pair that only the caller can read.
ensure_demo_keys() {
    local key taken=0
    while IFS= read -r key; do
        register_demo_key "$key" || continue
        taken=$((taken + 1))
    done < <(caller_keys)
    ((taken == 0)) || return 0
    ensure_fresh_key
    register_demo_key "$(<"$(fresh_key).pub")" || die_of_answer
}

fresh_key() {
    printf '%s' "$BERTH_STATE_DIR/demo/id_ed25519"
}

ensure_fresh_key() {
    [[ -s $(fresh_key) && -s $(fresh_key).pub ]] && return
    step "making an SSH key for demo, as $(caller) has none"
    rm -f "$(fresh_key)" "$(fresh_key).pub"
    ssh-keygen -q -t ed25519 -N '' -C "demo of Berth" -f "$(fresh_key)"
    chown "$(caller):" "$(fresh_key)"
}

# 409: known already, from an earlier run of this step.
register_demo_key() {
    local words
    read -ra words <<<"$1"
    api POST /tenants/demo/ssh-keys "$(jq -nc --arg key "$1" --arg name "${words[0]}-$(sha256sum <<<"$1" | cut -c1-8)" \
        '{name: $name, publicKey: $key}')"
    [[ $API_STATUS == 201 || $API_STATUS == 409 ]]
}

ensure_demo_image() {
    api GET /images
    expect_answer 200
    ! jq -e --arg alias "$DEMO_IMAGE" 'any(.items[]; .alias == $alias and .current)' <<<"$API_BODY" >/dev/null || return 0
    api POST /images "$(jq -nc --arg alias "$DEMO_IMAGE" '{alias: $alias}')"
    expect_answer 202
    follow_operation "building the image $DEMO_IMAGE (some minutes, once)"
}

# Shows each new line of progress until the operation of the last answer has ended.
follow_operation() {
    local id state progress='' line
    step "$1"
    id=$(jq -r .id <<<"$API_BODY")
    while state=$(jq -r .state <<<"$API_BODY") && [[ $state == PENDING || $state == RUNNING ]]; do
        api GET "/operations/$id?wait=1s"
        expect_answer 200
        line=$(jq -r '.progress // ""' <<<"$API_BODY")
        [[ $line == "$progress" ]] || step "  $line"
        progress=$line
    done
    [[ $state == SUCCEEDED ]] ||
        die "$1: $(jq -r '.error.detail // .error.title // .state' <<<"$API_BODY"); mend that, then run 'berth up' again"
}

# api METHOD PATH [JSON]: sets API_STATUS and API_BODY. The password goes by curl's standard input, not its arguments.
api() {
    local answer
    answer=$(printf 'user = "admin:%s"\n' "$(<"$(pending_password)")" |
        curl -sS --noproxy '*' --max-time 90 -K - -X "$1" -H 'Content-Type: application/json' \
            ${3:+--data "$3"} -w '\n%{http_code}' "$(portal)/api/v1$2" 2>&1) ||
        die "the platform does not answer: ${answer%%$'\n'*}; see 'berth logs platform'"
    API_STATUS=${answer##*$'\n'}
    API_BODY=${answer%$'\n'*}
    [[ $API_STATUS != 401 ]] ||
        die "the platform does not take the admin's new password; does its database belong to an older installation?" \
            "Use an empty one, or set BERTH_DEMO=no in $BERTH_CONFIG"
}

expect_answer() {
    local status
    for status in "$@"; do
        [[ $API_STATUS != "$status" ]] || return 0
    done
    die_of_answer
}

die_of_answer() {
    die "the platform refused a step of the demo ($API_STATUS): $(jq -r '.detail // .title // .' <<<"$API_BODY" 2>/dev/null)"
}

write_known_hosts() {
    local file=$BERTH_STATE_DIR/demo/known_hosts
    HOST_KEY=$(gateway_host_key)
    printf '%s %s\n' "$(ssh_host)" "$HOST_KEY" >"$file.new"
    mv "$file.new" "$file"
}

# As ssh writes it into known_hosts.
ssh_host() {
    if [[ $BERTH_SSH_PORT == 22 ]]; then
        reachable "$BERTH_SSH_ADDRESS"
    else
        printf '[%s]:%s' "$(reachable "$BERTH_SSH_ADDRESS")" "$BERTH_SSH_PORT"
    fi
}

# Sets SSH_LINE. What the caller's ssh would find or know by itself is left out.
compose_ssh_line() {
    SSH_LINE=(ssh -p "$BERTH_SSH_PORT")
    [[ ! -e $(fresh_key) ]] || SSH_LINE+=(-i "$(fresh_key)")
    caller_knows "$(ssh_host)" "$HOST_KEY" || SSH_LINE+=(-o "UserKnownHostsFile=$BERTH_STATE_DIR/demo/known_hosts")
    SSH_LINE+=("demo@$(reachable "$BERTH_SSH_ADDRESS")")
}

# Logs in as the caller would. Sets LOGIN_ANSWER to ssh's own words.
await_demo_login() {
    compose_ssh_line
    LOGIN_ANSWER=
    [[ -e $(fresh_key) ]] || caller_needs_no_passphrase || return 0
    await "$DEMO_LOGIN_SECONDS" demo_answers && [[ $LOGIN_STATUS == 0 ]]
}

# 255 is ssh's own failure and may pass; anything else comes from the other side.
demo_answers() {
    LOGIN_STATUS=0
    LOGIN_ANSWER=$(as_caller timeout 20 "${SSH_LINE[@]:0:${#SSH_LINE[@]}-1}" -o BatchMode=yes -o StrictHostKeyChecking=yes \
        "${SSH_LINE[-1]}" true 2>&1 </dev/null) || LOGIN_STATUS=$?
    LOGIN_ANSWER=${LOGIN_ANSWER##*$'\n'}
    [[ $LOGIN_STATUS != 255 && $LOGIN_STATUS != 124 ]]
}

report_demo() {
    [[ -d $BERTH_STATE_DIR/demo ]] || return 0
    printf 'Log in:\n%s\n' "${SSH_LINE[*]}"
}
