# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The person who ran `sudo berth up`, or root: their SSH keys and what they know of this host. Their files are read as them.

caller() {
    printf '%s' "${SUDO_USER:-root}"
}

caller_home() {
    getent passwd "$(caller)" | cut -d: -f6
}

as_caller() {
    local account
    account=$(caller)
    if [[ $account == root ]]; then
        "$@" 9<&-
    else
        setpriv --reuid "$account" --regid "$(id -g "$account")" --init-groups env "HOME=$(caller_home)" "$@" 9<&-
    fi
}

# The public keys that ssh offers by itself: of the agent, and of files with a default name and a private half.
caller_keys() {
    local name file
    [[ -z ${SSH_AUTH_SOCK:-} ]] || as_caller ssh-add -L 2>/dev/null | grep -E '^(ssh|ecdsa|sk)-' || true
    for name in id_ed25519 id_ed25519_sk id_ecdsa id_ecdsa_sk id_rsa; do
        file=$(caller_home)/.ssh/$name
        if as_caller test -r "$file" -a -r "$file.pub"; then
            as_caller head -n 1 "$file.pub"
        fi
    done
}

# Whether ssh can log in with no question asked: a key of the agent's, or one without passphrase.
caller_needs_no_passphrase() {
    local file
    [[ -z ${SSH_AUTH_SOCK:-} ]] || ! as_caller ssh-add -L >/dev/null 2>&1 || return 0
    for file in "$(caller_home)"/.ssh/id_{ed25519,ecdsa,rsa}; do
        if as_caller ssh-keygen -y -P '' -f "$file" >/dev/null 2>&1; then
            return 0
        fi
    done
    return 1
}

# Whether the caller's known_hosts has exactly this key, "TYPE BASE64", for this host.
caller_knows() {
    local known
    known=$(as_caller ssh-keygen -F "$1" -f "$(caller_home)/.ssh/known_hosts" 2>/dev/null) || return 1
    [[ $known == *" $2"* ]]
}
