// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.FileCalls;
import io.berth.core.spec.ContainerId;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** The hostile program, src/test/native/probe. */
final class Probe {
    private Probe() {}

    static byte[] program() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                Probe.class.getResourceAsStream("probe"), "build the probe with mvn process-test-resources")) {
            return in.readAllBytes();
        }
    }

    /** Puts it into a running container, as /usr/bin/probe. */
    static ContainerId install(TestNode test, ContainerId id) throws IOException {
        try (Attachment shell = test.attach(id, "root", "cat > /usr/bin/probe; chmod 755 /usr/bin/probe", null)) {
            FileCalls.writeAll(shell.fds().get(1), program());
            shell.fds().get(1).close();
            TestNode.exit(shell);
        }
        return id;
    }
}
