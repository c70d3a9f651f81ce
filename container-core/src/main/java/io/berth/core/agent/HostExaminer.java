// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import io.berth.core.protocol.HostFigures;
import io.berth.core.protocol.HostFinding;
import java.util.List;
import java.util.ServiceLoader;

/** Looks at the host for the agent. The doctor does, who knows the agent's settings: so the agent finds it as a service. */
public interface HostExaminer {
    static HostExaminer find() {
        return ServiceLoader.load(HostExaminer.class)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("META-INF/services names no " + HostExaminer.class));
    }

    /** What it has. */
    HostFigures figures();

    /** Whether it will do; tries each thing for real, which takes a moment. */
    List<HostFinding> findings();
}
