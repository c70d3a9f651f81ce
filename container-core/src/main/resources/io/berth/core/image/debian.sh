# SPDX-License-Identifier: Apache-2.0
# Builds a Debian tree on /mnt. Runs as PID 1 of a pid namespace, as root of a user namespace (BuildSandbox.java).
# usage: debian.sh SUITE PACKAGE,... [SOURCE-LINE ...]; without lines mmdebstrap takes Debian's own mirrors
set -eu
suite=$1 packages=$2
shift 2
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# the host's /tmp is not the build's; what is here goes with the namespace, also after kill -9
mount -t tmpfs -o mode=1777 tmpfs /tmp

# a proxy is a property of the host: apt in the build gets it, the image does not
http_proxy=${http_proxy-} https_proxy=${https_proxy-}
eval "$(apt-config shell http_proxy Acquire::http::Proxy https_proxy Acquire::https::Proxy)"
[ -z "$http_proxy" ] || export http_proxy
[ -z "$https_proxy" ] || export https_proxy

# the tree is synced as a whole before anybody uses it: dpkg need not sync each file
# sysfs can't be mounted without a network namespace of one's own; apt's sandbox user can't reach the tree's parents
exec 3<&0 </dev/null
mmdebstrap --mode=root --variant=minbase --format=directory --keyring="$keyring" \
    --include="$packages" --skip=chroot/mount/sys --aptopt='APT::Sandbox::User "root"' \
    --dpkgopt=force-unsafe-io \
    "$suite" /mnt "$@" 2>&1 3<&- &
build=$!
# the agent holds the other end of fd 3: when it dies, so does the build
{ read -r _ <&3 || kill -KILL "$build"; } 2>/dev/null &
wait "$build"

cd /mnt
# what mmdebstrap and apt were told for the build, and what they copied from the host
rm -f etc/apt/apt.conf.d/99mmdebstrap etc/dpkg/dpkg.cfg.d/99mmdebstrap etc/hostname etc/.resolv.conf.systemd-resolved.bak
# no /etc/hostname: systemd keeps the name that the container was given
printf '127.0.0.1\tlocalhost\n::1\t\tlocalhost ip6-localhost ip6-loopback\nff02::1\t\tip6-allnodes\nff02::2\t\tip6-allrouters\n' \
    > etc/hosts
# empty: systemd makes an id at first boot, without the preset run that "uninitialized" would start
: > etc/machine-id
rm -f var/lib/dbus/machine-id
printf 'LANG=C.UTF-8\n' > etc/default/locale

printf '[Match]\nName=eth0\n\n[Network]\nDHCP=yes\nIPv6AcceptRA=yes\n' > etc/systemd/network/eth0.network
chroot . systemctl --quiet enable systemd-networkd.service systemd-resolved.service
ln -sf ../run/systemd/resolve/stub-resolv.conf etc/resolv.conf

# nobody can log in as root with a password; the gateway's way in needs none
chroot . passwd --quiet --lock root

rm -rf var/lib/apt/lists/* var/cache/apt/*.bin var/cache/apt/archives/*.deb var/cache/ldconfig/aux-cache \
    var/log/apt var/log/dpkg.log var/log/alternatives.log var/log/bootstrap.log \
    var/cache/debconf/*-old var/lib/dpkg/*-old etc/passwd- etc/group- etc/shadow- etc/gshadow- etc/subuid- etc/subgid-
rm -rf run/* tmp/* var/tmp/*
