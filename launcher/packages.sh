# shellcheck shell=bash
# shellcheck disable=SC2034 # up.sh and commands.sh read the lists
# SPDX-License-Identifier: Apache-2.0
# Debian packages: which are needed, which are missing, and how they are installed without starting any service.

# COMMAND=PACKAGE where a command of any origin will do, else a package.
NEEDED_TO_RUN=(
    mvn=maven gcc=gcc linux-libc-dev libc6-dev # the build; the spawner is C
    node=nodejs npm=npm                        # the portal's; web/build/portal brings a newer node where this one is old
    xz=xz-utils unzip=unzip tar=tar            # unpacking PostgreSQL
    gzip=gzip zstd=zstd bzip2=bzip2 unsquashfs=squashfs-tools # and, with xz, images that are brought
    setpriv=util-linux flock=util-linux losetup=util-linux useradd=passwd ps=procps
    ip=iproute2 nft=nftables dnsmasq=dnsmasq-base lxcfs=lxcfs
    mkfs.btrfs=btrfs-progs debootstrap=debootstrap mmdebstrap=mmdebstrap newuidmap=uidmap
    busybox-static
    openssh-sftp-server # lent to containers that have none
    ssh=openssh-client curl=curl jq=jq ca-certificates
)
# where the kernel runs AppArmor, containers get profiles
[[ $(cat /sys/module/apparmor/parameters/enabled 2>/dev/null) != Y ]] || NEEDED_TO_RUN+=(apparmor_parser=apparmor)
NEEDED_TO_TEST=(
    sshd=openssh-server lxc-start=lxc systemd-nspawn=systemd-container
    ssh-audit=ssh-audit openssh-tests # OpenSSH's own regress scripts
    dbclient=dropbear-bin plink=putty-tools python3-paramiko python3-asyncssh rclone=rclone lftp=lftp ansible=ansible-core # SSH clients
    xauth=xauth # X11 forwarding, on both sides
    strace=strace shellcheck=shellcheck git=git rsync=rsync apparmor_parser=apparmor
    chromium=chromium fonts-dejavu-core
)
NEEDED_TO_BENCH=(
    sshd=openssh-server lxc-start=lxc systemd-nspawn=systemd-container
)
JDK_PACKAGE=openjdk-25-jdk-headless
POLICY_FILE=/usr/sbin/policy-rc.d
POLICY_MARK='# made by Berth for one apt-get run; safe to remove'

missing_packages() {
    local entry
    for entry in "$@"; do
        if [[ $entry == *=* ]]; then
            command -v "${entry%%=*}" >/dev/null || printf '%s\n' "${entry#*=}"
        else
            [[ $(dpkg-query -W -f '${db:Status-Status}' "$entry" 2>/dev/null) == installed ]] || printf '%s\n' "$entry"
        fi
    done | sort -u
}

# Installs what is missing of the given entries, and a JDK where there is none; quick when all is there.
ensure_packages() {
    local missing
    mapfile -t missing < <(missing_packages "$@")
    find_jdk || missing+=("$JDK_PACKAGE")
    if ((${#missing[@]} > 0)); then
        command -v apt-get >/dev/null ||
            die "missing: ${missing[*]}; install them by hand, this system has no apt-get"
        install_packages "${missing[@]}"
    fi
    find_jdk || die_without_jdk
}

die_without_jdk() {
    die "no JDK 25 found and $JDK_PACKAGE is not in this system's package sources;" \
        "unpack a JDK 25 (Eclipse Temurin, for example) below /usr/lib/jvm, or set JAVA_HOME to one"
}

install_packages() {
    local log=$BERTH_LOG_DIR/packages.log updated=no
    mkdir -p "$BERTH_LOG_DIR"
    if ! all_have_candidates "$@"; then
        update_package_lists "$log"
        updated=yes
        all_have_candidates "$@" || die_without_candidates "$@"
    fi
    step "installing $*"
    apt_install "$log" "$@" && return
    if [[ $updated == no ]]; then # lists may name versions that the mirror no longer has
        update_package_lists "$log"
        apt_install "$log" "$@" && return
    fi
    show_end_of "$log"
    die "apt-get could not install $*; mend what $log says, then run this again"
}

all_have_candidates() {
    [[ -z $(without_candidates "$@") ]]
}

without_candidates() {
    local package policy
    for package in "$@"; do
        policy=$(LC_ALL=C apt-cache policy "$package" 2>/dev/null)
        [[ $policy =~ Candidate:\ [^\(] ]] || printf '%s\n' "$package"
    done
}

die_without_candidates() {
    local absent
    mapfile -t absent < <(without_candidates "$@")
    [[ ${absent[*]} != "$JDK_PACKAGE" ]] || die_without_jdk
    die "apt-get knows no package ${absent[*]}; add this distribution's own package sources, then run this again"
}

update_package_lists() {
    step "updating the package lists"
    apt-get -q update >>"$1" 2>&1 || {
        show_end_of "$1"
        die "apt-get update failed; check the network and /etc/apt/sources.list, then run this again"
    }
}

# In a subshell, so that its trap removes the policy whatever happens.
apt_install() (
    log=$1
    shift
    forbid_service_starts
    trap 'allow_service_starts' EXIT
    DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends \
        -o DPkg::Lock::Timeout=120 install "$@" </dev/null >>"$log" 2>&1
)

# invoke-rc.d(8): 101 means that the action is forbidden. An administrator's own policy is left alone.
forbid_service_starts() {
    [[ ! -e $POLICY_FILE ]] || return 0
    printf '#!/bin/sh\n%s\nexit 101\n' "$POLICY_MARK" >"$POLICY_FILE.berth"
    chmod 0755 "$POLICY_FILE.berth"
    mv "$POLICY_FILE.berth" "$POLICY_FILE"
}

allow_service_starts() {
    ! grep -qsxF "$POLICY_MARK" "$POLICY_FILE" || rm -f "$POLICY_FILE"
}
