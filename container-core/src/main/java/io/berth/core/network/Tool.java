// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Programs of the host that the network needs, with the Debian package that brings each. */
enum Tool {
    NFT("nftables"),
    DNSMASQ("dnsmasq-base");

    private final String debianPackage;

    Tool(String debianPackage) {
        this.debianPackage = debianPackage;
    }

    /** @throws NetworkException naming the package when the host lacks the program */
    Path find() {
        String path = System.getenv().getOrDefault("PATH", "");
        // a service's PATH may lack the administrator's directories
        return find(Stream.concat(Stream.of(path.split(":")), Stream.of("/usr/sbin", "/sbin"))
                .filter(directory -> directory.startsWith("/"))
                .map(Path::of)
                .toList());
    }

    Path find(List<Path> directories) {
        return directories.stream()
                .map(directory -> directory.resolve(program()))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new NetworkException(
                        "this host lacks " + program() + "; install it: apt-get install " + debianPackage));
    }

    /** Runs the program to its end, with {@code input} as its standard input. */
    void run(String input, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(find().toString());
        command.addAll(arguments);
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try (var stdin = process.outputWriter(StandardCharsets.UTF_8)) {
                stdin.write(input);
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            if (status != 0) {
                throw new NetworkException(String.join(" ", command) + " exited " + status + ": " + output.strip());
            }
        } catch (IOException e) {
            throw new NetworkException("running " + String.join(" ", command) + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NetworkException("interrupted while " + program() + " ran", e);
        }
    }

    private String program() {
        return name().toLowerCase(Locale.ROOT);
    }
}
