# SPDX-License-Identifier: Apache-2.0
# Run in a container of Berth's by its root: podman as Debian ships it makes, runs and builds containers in there.
set -eu
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -qq --no-install-recommends podman crun netavark iptables busybox-static >/var/tmp/apt.log 2>&1 || {
    cat /var/tmp/apt.log >&2
    exit 1
}
# where the host's cgroup v2 has no controllers, podman's default limit of processes can't be set
grep -qw pids /sys/fs/cgroup/cgroup.controllers || printf '[containers]\npids_limit = 0\n' >/etc/containers/containers.conf
# Debian's default, 100000 and up, is beyond the 65536 ids of a container
printf '%s:10000:50000\n' root containers | tee /etc/subuid >/etc/subgid

root=$(mktemp -d)
mkdir "$root/bin"
cp /bin/busybox "$root/bin/"
for applet in sh id ip cat grep tr httpd; do
    ln -s busybox "$root/bin/$applet"
done
tar -C "$root" -c . | podman import -q - local/busybox >/dev/null
echo "storage: $(podman info --format '{{.Store.GraphDriverName}}')"
echo "inside: $(podman run --rm local/busybox sh -c 'echo $(id -u) $(ip -4 addr show eth0 | grep -c inet)')"
echo "mapped: $(podman run --rm --userns=auto local/busybox cat /proc/self/uid_map | tr -s ' ' | cut -d' ' -f3,4)"
podman run -d --name web -p 8080:80 local/busybox httpd -f -h /bin >/dev/null
timeout 20 sh -c 'until busybox wget -q -O /var/tmp/fetched http://127.0.0.1:8080/busybox; do busybox sleep 0.1; done'
cmp /var/tmp/fetched /bin/busybox
echo "published: $(podman exec web id -u)"
podman rm -f -t 0 web >/dev/null
printf 'FROM local/busybox\nRUN echo built > /made\nCMD cat /made\n' | podman build -q -t local/made - >/dev/null
echo "image: $(podman run --rm local/made)"
