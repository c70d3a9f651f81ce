// SPDX-License-Identifier: Apache-2.0
package io.berth.core.capability;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.linux.ExitStatus.Exited;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.Pipe;
import io.berth.core.linux.ProcessCalls;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.Plan;
import io.berth.core.plan.PlanBuilder;
import io.berth.core.plan.Spawner;
import io.berth.core.plan.Spawner.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BoundingSetIT {
    @Test
    void aProcessLosesExactlyTheList() throws IOException {
        assertThat(ProcessCalls.getuid()).as("PR_CAPBSET_DROP needs root").isZero();
        CapabilitySet before = boundingSet("self");
        PlanBuilder plan = Plan.builder("drop");
        Slot go = plan.slot("go");
        BoundingSet.drop(plan);
        plan.tell(1, 0).await("end", go).end(0);
        try (Spawner spawner = Spawner.load();
                Pipe pipe = FileCalls.pipe2();
                Running running = spawner.start(plan.build(), Map.of(go, pipe.readEnd()))) {
            running.report().expect(1);
            assertThat(boundingSet(Integer.toString(running.child().pid())))
                    .isEqualTo(before.without(BoundingSet.dropped()));
            FileCalls.write(pipe.writeEnd(), new byte[1]);
            assertThat(running.child().waitFor()).isEqualTo(new Exited(0));
        }
    }

    private static CapabilitySet boundingSet(String pid) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc", pid, "status"))) {
            return lines.filter(line -> line.startsWith("CapBnd:"))
                    .map(line -> CapabilitySet.ofHex(line.substring("CapBnd:".length())))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
