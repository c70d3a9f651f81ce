// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.Pipe;
import io.berth.core.linux.PollCalls;
import io.berth.core.linux.Sys;
import io.berth.core.plan.Plan;
import io.berth.core.plan.PlanBuilder;
import io.berth.core.process.Account;
import io.berth.core.protocol.Refusal;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A host's addresses as the container resolves it, by its own getent(1): with its nsswitch.conf, hosts file, resolver and search
 * list, as a program of its user would. What comes back is the tenant's word and only parsed here.
 */
final class Resolving implements Task<List<InetAddress>> {
    private static final List<String> PATHS = List.of("/usr/bin/getent", "/bin/getent");
    private static final byte[] MISSING = "no getent\n".getBytes(StandardCharsets.UTF_8);
    private static final int MOST_BYTES = 16 << 10;
    /** Of a name with hundreds, nobody tries more. */
    private static final int MOST_ADDRESSES = 8;
    /** A resolver with two silent servers takes 5 s for each, twice: resolv.conf(5). */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String host;
    private final Pipe output = FileCalls.pipe2();

    Resolving(String host) {
        this.host = host;
    }

    @Override
    public List<Fd> standard() {
        return List.of(output.writeEnd(), output.writeEnd(), output.writeEnd()); // it reads nothing
    }

    @Override
    public void compose(PlanBuilder plan, Account account) {
        var argv = plan.strings(List.of("getent", "ahosts", host));
        var environment = plan.strings(List.of("PATH=/usr/bin:/bin", "LANG=C", "HOME=" + account.home()));
        for (String path : PATHS) {
            plan.call("execute '" + path + "'", Sys.EXECVE, path, argv, environment)
                    .ignoreErrors();
        }
        plan.call("say what is missing", Sys.WRITE, 1, plan.bytes("no getent", MISSING), MISSING.length)
                .end(1);
    }

    @Override
    public List<InetAddress> arrived(Arrival arrival, Plan plan) {
        output.writeEnd().close();
        String text = read();
        List<InetAddress> addresses = addresses(text);
        if (addresses.isEmpty()) {
            boolean missing = text.contains(new String(MISSING, StandardCharsets.UTF_8));
            throw new ContainerException(
                    Refusal.NOT_FOUND,
                    "the container does not know the host '" + host + "'"
                            + (missing ? ": it has no getent(1) to ask; forward to an address instead" : ""));
        }
        return addresses;
    }

    private String read() {
        var text = new ByteArrayOutputStream();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (text.size() < MOST_BYTES) {
            Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
            if (!PollCalls.awaitReadable(output.readEnd(), left)) {
                throw new ContainerException(
                        Refusal.CONFLICT,
                        "the container's resolver did not answer within " + PATIENCE.toSeconds() + " s");
            }
            byte[] part = FileCalls.read(output.readEnd(), MOST_BYTES);
            if (part.length == 0) {
                break;
            }
            text.writeBytes(part);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    /** Lines of {@code ADDRESS STREAM NAME}, one a socket type. */
    static List<InetAddress> addresses(String text) {
        List<InetAddress> addresses = new ArrayList<>();
        text.lines()
                .map(line -> line.split("\\s+", 2)[0])
                .flatMap(word -> literal(word).stream())
                .distinct()
                .limit(MOST_ADDRESSES)
                .forEach(addresses::add);
        return addresses;
    }

    /** An address, if it is one; one with a zone (fe80::1%eth0) counts by interfaces that only the container knows. */
    static Optional<InetAddress> literal(String text) {
        try {
            return text.indexOf('%') >= 0 ? Optional.empty() : Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        output.close();
    }
}
