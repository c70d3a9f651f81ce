// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.Pipe;
import io.berth.core.linux.Sys;
import io.berth.core.plan.PlanBuilder;
import java.util.List;

/** What a process that keeps a descriptor ready waits at: a pipe, its only standard descriptor, until a byte or the end comes. */
record Hold(Pipe pipe) implements AutoCloseable {
    private static final byte[] GO = {1};

    static Hold make() {
        return new Hold(FileCalls.pipe2());
    }

    List<Fd> standard() {
        return List.of(pipe.readEnd(), pipe.readEnd(), pipe.readEnd());
    }

    /** Adds the wait; a byte and the end are as good as each other. */
    static void await(PlanBuilder plan, String what) {
        plan.call("await " + what, Sys.READ, 0, plan.space("a byte", 1), 1)
                .retry()
                .ignoreErrors();
    }

    void go() {
        FileCalls.write(pipe.writeEnd(), GO);
    }

    /** Who holds this keeps the process waiting. */
    Fd grip() {
        return pipe.writeEnd();
    }

    @Override
    public void close() {
        pipe.close();
    }
}
