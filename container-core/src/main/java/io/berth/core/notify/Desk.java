// SPDX-License-Identifier: Apache-2.0
package io.berth.core.notify;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.NotifyCalls;
import io.berth.core.linux.SyscallException;
import io.berth.core.protocol.Denial;
import io.berth.core.protocol.RuleCount;
import io.berth.core.seccomp.Emulated;
import io.berth.core.seccomp.SeccompPolicy;
import io.berth.core.seccomp.Verdict;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where one container's calls are decided: a denial by the policy, an exception from it, or an emulation. */
final class Desk {
    private static final Logger LOG = LoggerFactory.getLogger(Desk.class);

    private static final String UNKNOWN = "unknown";

    private final Subject subject;
    private final Clock clock;
    private final String userNamespace;
    private final Budget budget;
    private final DenialLog denials = new DenialLog();
    private final Instant since;

    Desk(Subject subject, Clock clock, LongSupplier nanoTime) {
        this.subject = subject;
        this.clock = clock;
        this.budget = new Budget(nanoTime);
        this.since = clock.instant();
        this.userNamespace = userNamespace(subject.initPid());
    }

    /** Empty when the container has ended already; nobody asks then. */
    private static String userNamespace(int initPid) {
        try (TaskFiles init = TaskFiles.open(initPid)) {
            return init.userNamespace();
        } catch (SyscallException e) {
            LOG.debug("event=init-gone error={}, ignoring", e.getMessage());
            return "";
        }
    }

    /** As {@link TaskFiles#userNamespace}. */
    String userNamespace() {
        return userNamespace;
    }

    Subject subject() {
        return subject;
    }

    Budget budget() {
        return budget;
    }

    Instant since() {
        return since;
    }

    List<RuleCount> counts() {
        return denials.counts();
    }

    List<Denial> recent() {
        return denials.recent();
    }

    /**
     * Decides and answers.
     *
     * @param last the thread of this listener that asked before
     * @param policy what the listener's filter was compiled from
     * @param isRepeated whether an agent that was killed may have carried it out already
     */
    void answer(Fd listener, LastTask last, SeccompPolicy policy, Notification call, boolean isRepeated) {
        switch (decide(new Call(call, listener, last, isRepeated, this), policy)) {
            case Response.Done _ -> NotifyCalls.answer(listener, call.id(), 0);
            case Response.Returned(long value) -> NotifyCalls.answer(listener, call.id(), value);
            case Response.Failed(Errno errno) -> NotifyCalls.fail(listener, call.id(), errno);
            case Response.Denied(String _) -> NotifyCalls.fail(listener, call.id(), Errno.EPERM);
            case Response.LetThrough(String _) -> NotifyCalls.letThrough(listener, call.id());
        }
    }

    private Response decide(Call call, SeccompPolicy policy) {
        Notification asked = call.notification();
        return switch (policy.verdict(asked.audit(), asked.number(), asked.arguments())) {
            case Verdict.Denied(String rule, Errno errno, String reason) -> {
                if (subject.isGranted(rule)) {
                    yield new Response.LetThrough(
                            "the rule looks at registers only, which nobody can change while their"
                                    + " thread waits: a tracer can't stop it there, and the kernel doesn't read them again");
                }
                note(call, rule, errno, reason);
                yield new Response.Failed(errno);
            }
            case Verdict.Emulate(Emulated emulated) -> emulate(call, emulated);
            case Verdict.Unknown _ -> {
                // the filter is of an agent that knew a rule more, or of before a patch was removed
                note(call, UNKNOWN, Errno.EPERM, "a rule that has been lifted since; restart the container");
                yield Response.EPERM;
            }
        };
    }

    private Response emulate(Call call, Emulated emulated) {
        try {
            Response response = emulation(call, emulated);
            if (response instanceof Response.Denied(String reason)) {
                note(call, emulated.call(), Errno.EPERM, reason);
            }
            return response;
        } catch (SyscallException e) {
            LOG.debug(
                    "event=emulation-refused container={} call={} error={}",
                    subject.id(),
                    emulated.call(),
                    e.getMessage());
            return new Response.Failed(e.errno());
        } catch (RuntimeException e) {
            LOG.error("event=emulation-failed container={} call={}, ignoring", subject.id(), emulated.call(), e);
            return Response.EPERM; // the kernel's own answer, had nobody listened
        }
    }

    private static Response emulation(Call call, Emulated emulated) {
        return switch (emulated) {
            case MKNOD -> Mknod.mknod(call).respond();
            case MKNODAT -> Mknod.mknodat(call).respond();
            case SETXATTR -> new SetXattr(call, SetXattr.Kind.PATH).respond();
            case LSETXATTR -> new SetXattr(call, SetXattr.Kind.LINK).respond();
            case FSETXATTR -> new SetXattr(call, SetXattr.Kind.FD).respond();
            case SYSINFO -> {
                Disguise.takeOff(); // it asks others, by files and messages of ours
                yield new SystemInformation(call).respond();
            }
            case SCHED_SETSCHEDULER -> new Scheduling(call).respond();
            case SCHED_GETAFFINITY -> new Affinity(call).respond();
        };
    }

    private void note(Call call, String rule, Errno errno, String reason) {
        try {
            Notification asked = call.notification();
            Instant now = clock.instant();
            String words =
                    rule.equals(UNKNOWN) ? "call " + asked.number() : ArgumentWords.describe(rule, asked.arguments());
            String name = call.openCaller().name();
            denials.note(new Denial(rule, words, errno.name(), name, asked.tid(), 1, now, now), reason);
        } catch (SyscallException e) {
            LOG.debug(
                    "event=denied-caller-gone container={} rule={} error={}, ignoring",
                    subject.id(),
                    rule,
                    e.getMessage());
        }
    }
}
