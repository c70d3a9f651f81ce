// SPDX-License-Identifier: Apache-2.0
package io.berth.core.plan;

import io.berth.core.linux.Child;
import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.MemfdFlag;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.Pipe;
import io.berth.core.linux.Seal;
import io.berth.core.linux.Spawn;
import io.berth.core.linux.SyscallException;
import io.berth.core.plan.Arg.Slot;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Starts processes that run a plan. The program is a sealed file in memory: a container that gets hold of /proc/PID/exe can't change
 * what the next start runs (CVE-2019-5736). One per JVM is enough.
 */
public final class Spawner implements AutoCloseable {
    private final Fd program;
    private final Fd nothing;

    private Spawner(Fd program, Fd nothing) {
        this.program = program;
        this.nothing = nothing;
    }

    public static Spawner load() {
        Fd program = executableMemfd();
        try {
            FileCalls.writeAll(program, resource());
            FileCalls.addSeals(program, Seal.F_SEAL_SEAL, Seal.F_SEAL_SHRINK, Seal.F_SEAL_GROW, Seal.F_SEAL_WRITE);
            return new Spawner(program, FileCalls.openat("/dev/null", OpenFlag.O_RDWR));
        } catch (RuntimeException e) {
            program.close();
            throw e;
        }
    }

    /** vm.memfd_noexec=1 wants MFD_EXEC. FIXME(kernel 6.3): remove the second try when baseline. */
    private static Fd executableMemfd() {
        try {
            return FileCalls.memfdCreate("berth-spawner", MemfdFlag.MFD_EXEC);
        } catch (SyscallException e) {
            if (e.errno() != Errno.EINVAL) {
                throw e;
            }
            return FileCalls.memfdCreate("berth-spawner");
        }
    }

    static byte[] resource() {
        try (InputStream in = Spawner.class.getResourceAsStream("spawner")) {
            if (in == null) {
                throw new IllegalStateException("the spawner is not in the jar: build it with mvn process-resources");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A process that runs a plan, and what it reports. */
    public record Running(Child child, Report report) implements AutoCloseable {
        /** Closes what this JVM holds of the process; doesn't end it. */
        @Override
        public void close() {
            report.close();
            child.close();
        }
    }

    /** With /dev/null for stdin, stdout and stderr. */
    public Running start(Plan plan, Map<Slot, Fd> fds) {
        return start(plan, fds, List.of(nothing, nothing, nothing));
    }

    /**
     * @param fds which descriptor each of the plan's slots is; the caller keeps its own and closes them
     * @param standard stdin, stdout and stderr
     */
    public Running start(Plan plan, Map<Slot, Fd> fds, List<Fd> standard) {
        try (Fd code = plan.toMemfd()) {
            return start(plan, code, fds, standard);
        }
    }

    /**
     * The same for a plan that is run again and again.
     *
     * @param code its {@link Plan#toMemfd()}, which stays the caller's
     */
    public Running start(Plan plan, Fd code, Map<Slot, Fd> fds, List<Fd> standard) {
        Pipe report = FileCalls.pipe2();
        try (Fd tell = report.writeEnd()) {
            List<Fd> all = new ArrayList<>(standard);
            all.add(code);
            all.add(tell);
            for (Slot slot : plan.slots()) {
                all.add(fdFor(plan, slot, fds.get(slot)));
            }
            Child child = Spawn.spawn(program, List.of(plan.name()), all);
            return new Running(child, new Report(plan, report.readEnd()));
        } catch (RuntimeException e) {
            report.close();
            throw e;
        }
    }

    private static Fd fdFor(Plan plan, Slot slot, @Nullable Fd fd) {
        if (fd == null) {
            throw new IllegalArgumentException("the plan '" + plan.name() + "' wants a descriptor for " + slot.name());
        }
        return fd;
    }

    @Override
    public void close() {
        program.close();
        nothing.close();
    }
}
