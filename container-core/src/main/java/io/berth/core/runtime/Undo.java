// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What to take back when a later step fails, in reverse order. */
final class Undo implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Undo.class);

    private final Deque<Runnable> steps = new ArrayDeque<>();

    void add(Runnable step) {
        steps.push(step);
    }

    /** Takes ownership of something that is closed unless {@link #commit()} comes first. */
    <T extends AutoCloseable> T own(T resource) {
        add(() -> close(resource));
        return resource;
    }

    private static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            LOG.warn("event=close-failed resource={}, ignoring", resource, e);
        }
    }

    /** Everything went well: nothing is taken back. */
    void commit() {
        steps.clear();
    }

    @Override
    public void close() {
        while (!steps.isEmpty()) {
            try {
                steps.pop().run();
            } catch (RuntimeException e) {
                LOG.warn("event=undo-failed, ignoring", e);
            }
        }
    }
}
