// SPDX-License-Identifier: Apache-2.0
package io.berth.core.image;

import io.berth.core.linux.ElfFile;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.OpenFlag;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** The smallest system that boots: BusyBox as every program, its init as PID 1. For tests and benchmarks, up in milliseconds. */
record BusyboxDefinition(Path busybox) implements ImageDefinition {
    private static final List<String> DIRECTORIES = List.of(
            "bin",
            "dev",
            "etc",
            "etc/init.d",
            "home",
            "proc",
            "run",
            "sbin",
            "sys",
            "usr",
            "usr/bin",
            "usr/sbin",
            "var");
    private static final int DEMO = 1000;

    @Override
    public void build(Fd tree, Consumer<String> progress) {
        byte[] program = program();
        progress.accept("copying " + busybox + " (" + program.length + " bytes)");
        DIRECTORIES.forEach(directory -> directory(tree, directory, 0755));
        directory(tree, "root", 0700);
        directory(tree, "tmp", 01777);
        directory(tree, "home/demo", 0755);
        FileCalls.fchownat(tree, "home/demo", DEMO, DEMO);
        file(tree, "bin/busybox", 0755, program);
        applets().forEach(applet -> link(tree, applet));
        writeSettings(tree);
    }

    private byte[] program() {
        try {
            byte[] program = Files.readAllBytes(busybox);
            if (ElfFile.parse(program).map(elf -> elf.interpreter().isPresent()).orElse(true)) {
                throw new ImageException.MissingTool(
                        busybox + " is dynamically linked; run 'apt install busybox-static'");
            }
            return program;
        } catch (IOException e) {
            throw new ImageException.MissingTool(busybox + " is missing; run 'apt install busybox-static'");
        }
    }

    private List<String> applets() {
        try {
            Process process = new ProcessBuilder(busybox.toString(), "--list-full").start();
            process.getOutputStream().close();
            try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
                return lines.lines().toList();
            }
        } catch (IOException e) {
            throw new ImageException.BuildFailed(busybox + " --list-full failed", e);
        }
    }

    private static void link(Fd tree, String applet) {
        boolean isPlaced = DIRECTORIES.stream().anyMatch(directory -> applet.startsWith(directory + "/"));
        if (isPlaced && !applet.equals("bin/busybox")) {
            FileCalls.symlinkat("/bin/busybox", tree, applet);
        }
    }

    private static void writeSettings(Fd tree) {
        text(tree, "etc/passwd", 0644, "root:x:0:0:root:/root:/bin/sh\ndemo:x:1000:1000:demo:/home/demo:/bin/sh\n");
        text(tree, "etc/group", 0644, "root:x:0:\ntty:x:5:\ndemo:x:1000:\n");
        text(tree, "etc/shadow", 0640, "root:*:::::::\ndemo:*:::::::\n");
        text(tree, "etc/profile", 0644, "export PATH=/usr/sbin:/usr/bin:/sbin:/bin\n");
        text(tree, "etc/hosts", 0644, "127.0.0.1\tlocalhost\n::1\t\tlocalhost\n");
        text(tree, "etc/inittab", 0644, INITTAB);
        text(tree, "etc/init.d/network", 0755, NETWORK);
        text(tree, "etc/init.d/lease", 0755, LEASE);
    }

    /** once, not respawn: an idle container runs init and, where it has a network, udhcpc. */
    private static final String INITTAB = """
            ::sysinit:/bin/mount -o remount,rw /
            ::once:/etc/init.d/network
            ::shutdown:/bin/umount -a -r
            """;

    private static final String NETWORK = """
            #!/bin/sh
            ip link set lo up
            [ -e /sys/class/net/eth0 ] || exit 0
            ip link set eth0 up
            exec udhcpc -i eth0 -b -S -s /etc/init.d/lease
            """;

    private static final String LEASE = """
            #!/bin/sh
            # udhcpc's events: an address came, stayed, or went
            case $1 in
            deconfig) ip -4 addr flush dev "$interface" ;;
            bound | renew)
                ip -4 addr replace "$ip/${mask:-24}" dev "$interface"
                for gateway in $router; do ip route replace default via "$gateway"; done
                for server in $dns; do echo "nameserver $server"; done > /etc/resolv.conf
                ;;
            esac
            """;

    private static void directory(Fd tree, String path, int mode) {
        FileCalls.mkdirat(tree, path, mode);
        FileCalls.fchmodat(tree, path, mode); // mkdirat minds the umask
    }

    private static void text(Fd tree, String path, int mode, String text) {
        file(tree, path, mode, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void file(Fd tree, String path, int mode, byte[] content) {
        try (Fd file = FileCalls.openat(tree, path, mode, OpenFlag.O_WRONLY, OpenFlag.O_CREAT, OpenFlag.O_EXCL)) {
            FileCalls.writeAll(file, content);
            FileCalls.fchmod(file, mode);
        }
    }
}
