// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.Pipe;
import io.berth.core.linux.PollCalls;
import io.berth.core.linux.Sys;
import io.berth.core.plan.Arg.Cell;
import io.berth.core.plan.Arg.Data;
import io.berth.core.plan.Plan;
import io.berth.core.plan.PlanBuilder;
import io.berth.core.process.Account;
import io.berth.core.protocol.Refusal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What lxcfs's loadavg tells a process of the container: it goes by who reads. The file comes with the process, so no path of the
 * container's is followed.
 */
final class LoadReading implements Task<List<Long>> {
    private static final int MOST_BYTES = 128; // three loads, a fraction of processes and a pid
    private static final int LOADS = 3;
    private static final double UNIT = 1 << 16; // SI_LOAD_SHIFT, include/uapi/linux/sysinfo.h
    /** lxcfs walks a container's threads every five seconds, and holds nobody up for that. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Fd file;
    private final Pipe output = FileCalls.pipe2();

    /** @param file lxcfs's, opened for this reading; the caller's */
    LoadReading(Fd file) {
        this.file = file;
    }

    @Override
    public List<Fd> standard() {
        return List.of(file, output.writeEnd(), output.writeEnd());
    }

    @Override
    public void compose(PlanBuilder plan, Account account) {
        Cell length = plan.cell("length");
        Data room = plan.space("the load", MOST_BYTES);
        plan.call("read the load", Sys.PREAD64, 0, room, room.length(), 0)
                .into(length)
                .call("tell it", Sys.WRITE, 1, room, length)
                .end(0);
    }

    @Override
    public List<Long> arrived(Arrival arrival, Plan plan) {
        output.writeEnd().close();
        if (!PollCalls.awaitReadable(output.readEnd(), PATIENCE)) {
            throw new ContainerException(Refusal.FAILED, "lxcfs did not tell the container's load");
        }
        return loads(new String(FileCalls.read(output.readEnd(), MOST_BYTES), StandardCharsets.US_ASCII));
    }

    /** {@code 0.20 0.18 0.12 1/80 11206}, see proc_loadavg(5), as sysinfo(2) has it: rounded up, so that its hundredths are these. */
    static List<Long> loads(String text) {
        List<Long> loads = Stream.of(text.split(" ", LOADS + 1))
                .limit(LOADS)
                .map(load -> (long) Math.ceil(Double.parseDouble(load) * UNIT))
                .toList();
        if (loads.size() < LOADS) {
            throw new NumberFormatException("no load: '" + text + "'");
        }
        return loads;
    }

    @Override
    public void close() {
        output.close();
    }
}
