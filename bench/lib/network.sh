# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The peers' bridge: like Berth's it gives addresses by DHCP, so that no system's guests wait for one. It leads nowhere.

make_bridge() {
    remove_bridge
    ip link add "$BRIDGE" type bridge && ip address add "$BRIDGE_ADDRESS.1/24" dev "$BRIDGE" && ip link set "$BRIDGE" up || return
    dnsmasq --conf-file=/dev/null --interface="$BRIDGE" --bind-interfaces --except-interface=lo --port=0 \
        --dhcp-range="$BRIDGE_ADDRESS.10,$BRIDGE_ADDRESS.250,1h" --dhcp-authoritative \
        --dhcp-leasefile="$WORK/dnsmasq.leases" --pid-file="$WORK/dnsmasq.pid" --log-facility="$WORK/dnsmasq.log" 8>&- 9>&-
}

remove_bridge() {
    local pid
    if read -r pid 2>/dev/null <"$WORK/dnsmasq.pid" && grep -qsz -- "--interface=$BRIDGE" "/proc/$pid/cmdline"; then
        kill "$pid"
    fi
    rm -f "$WORK/dnsmasq.pid" "$WORK/dnsmasq.leases"
    ip link delete "$BRIDGE" 2>/dev/null || true
}
