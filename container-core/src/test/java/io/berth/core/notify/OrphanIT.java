// SPDX-License-Identifier: Apache-2.0
package io.berth.core.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.linux.Architecture;
import io.berth.core.linux.Errno;
import io.berth.core.linux.ExitStatus.Exited;
import io.berth.core.linux.Fd;
import io.berth.core.linux.NotifyCalls;
import io.berth.core.linux.ProcessCalls;
import io.berth.core.linux.SeccompFlag;
import io.berth.core.linux.Sys;
import io.berth.core.plan.Arg.Cell;
import io.berth.core.plan.Plan;
import io.berth.core.plan.PlanBuilder;
import io.berth.core.plan.Spawner;
import io.berth.core.plan.Spawner.Running;
import io.berth.core.seccomp.SeccompPolicy;
import io.berth.core.spec.ContainerId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A call that an agent had received and not answered when it was killed. */
@Timeout(60)
class OrphanIT {
    private static final SeccompPolicy POLICY =
            SeccompPolicy.container(Architecture.host()).supervised();
    private static final int LISTENING = 1;
    private static final int ANSWERED = 2;

    @TempDir
    private Path journals;

    private record Anybody(ContainerId id, int initPid) implements Subject {
        @Override
        public long uidBase() {
            return 0;
        }

        @Override
        public boolean isGranted(String rule) {
            return false;
        }

        @Override
        public int processors() {
            return 1;
        }

        @Override
        public Resources resources() {
            return new Resources(1 << 30, 1 << 20, 1, List.of(0L, 0L, 0L));
        }

        @Override
        public Duration bootOffset() {
            return Duration.ZERO;
        }
    }

    /** A process below the filter that makes a denied call at once and tells what it got. */
    private static Plan asking() {
        PlanBuilder plan = Plan.builder("asking");
        Cell listener = plan.cell("listener");
        Cell result = plan.cell("result");
        POLICY.install(
                        plan,
                        SeccompFlag.SECCOMP_FILTER_FLAG_NEW_LISTENER,
                        SeccompFlag.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV)
                .into(listener)
                .tell(LISTENING, listener)
                .call("ask", Sys.SYSLOG, 99, 0, 0)
                .ignoreErrors()
                .into(result)
                .tell(ANSWERED, result)
                .end(0);
        return plan.build();
    }

    @Test
    void theNextAgentAnswersWhatAKilledOneHadReceived() throws IOException {
        try (Spawner spawner = Spawner.load();
                Running asking = spawner.start(asking(), Map.of())) {
            int number = Math.toIntExact(asking.report().expect(LISTENING));
            Fd listener = ProcessCalls.pidfdGetfd(asking.child().pidfd(), number);
            Subject subject = new Anybody(
                    new ContainerId(UUID.randomUUID()), asking.child().pid());
            try (Journal killed = Journal.create(journals, subject.id())) {
                assertThat(NotifyCalls.receive(listener, killed.notif())).isTrue();
            }
            assertThat(journals.toFile().list()).as("what the kill left").hasSize(1);

            try (var next = new Supervisor(journals, Clock.systemUTC(), System::nanoTime)) {
                Supervision supervision = next.supervise(subject, POLICY, List.of(listener));
                next.forgetLeftovers();
                assertThat(asking.report().expect(ANSWERED)).isEqualTo(-Errno.EPERM.number());
                assertThat(asking.child().waitFor()).isEqualTo(new Exited(0));
                assertThat(supervision.counts())
                        .singleElement()
                        .satisfies(count -> assertThat(count.rule()).isEqualTo("syslog"));
                supervision.close();
            }
            assertThat(journals.toFile().list()).isEmpty();
        }
    }
}
