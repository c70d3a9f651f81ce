// SPDX-License-Identifier: Apache-2.0
package io.berth.core.doctor;

import io.berth.core.linux.CloneFlag;
import io.berth.core.linux.ProcessCalls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Bridge, veth and nftables in a network namespace that vanishes with its thread; ports in the real one. */
final class NetworkChecks {
    private final HostSettings host;
    private final ProcessFile processes;

    NetworkChecks(HostSettings host, ProcessFile processes) {
        this.host = host;
        this.processes = processes;
    }

    List<Finding> all() {
        List<Finding> findings = new ArrayList<>(List.of(
                Finding.tried("bridge and veth", "modprobe bridge veth; apt-get install iproute2", this::bridge),
                Finding.tried("nftables", "modprobe nf_tables nft_masq; apt-get install nftables", this::nftables),
                port("portal", "platform", host.httpAddress(), host.httpPort(), "BERTH_HTTP_PORT"),
                port("SSH", "gateway", host.sshAddress(), host.sshPort(), "BERTH_SSH_PORT")));
        if (host.ownsDatabase()) {
            findings.add(port("PostgreSQL", "postgres", "127.0.0.1", host.databasePort(), "BERTH_DATABASE_PORT"));
        }
        return findings;
    }

    private String bridge() throws Exception {
        return OwnThread.run(() -> {
            ProcessCalls.unshare(CloneFlag.CLONE_NEWNET);
            Program.run("", List.of("ip", "link", "add", "trial0", "type", "bridge"));
            Program.run("", List.of("ip", "link", "add", "trial1", "type", "veth", "peer", "name", "trial2"));
            Program.run("", List.of("ip", "link", "set", "trial1", "master", "trial0"));
            Program.run("", List.of("bridge", "link", "set", "dev", "trial1", "isolated", "on"));
            return "an isolated port was put on a bridge";
        });
    }

    private String nftables() throws Exception {
        return OwnThread.run(() -> {
            ProcessCalls.unshare(CloneFlag.CLONE_NEWNET);
            Program.run("""
                    table inet trial {
                      chain out { type nat hook postrouting priority srcnat; ip saddr 192.0.2.0/24 masquerade; }
                      chain in { type filter hook forward priority filter; ct state established,related accept; }
                    }
                    """, List.of("nft", "-f", "-"));
            return "a table with masquerading was loaded";
        });
    }

    private Finding port(String what, String process, String address, int port, String variable) {
        String check = what + " port " + port;
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
            return Finding.ok(check, "free at " + address);
        } catch (IOException e) {
            if (processes.find(process).isPresent()) {
                return Finding.ok(check, "ours");
            }
            return Finding.missing(
                    check, address + ": " + e.getMessage(), "stop what listens there, or set " + variable);
        }
    }
}
