// SPDX-License-Identifier: Apache-2.0
package io.berth.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.linux.CloneFlag;
import io.berth.core.linux.Errno;
import io.berth.core.linux.ExitStatus;
import io.berth.core.linux.ExitStatus.Exited;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.Pipe;
import io.berth.core.linux.ProcessCalls;
import io.berth.core.linux.Signal;
import io.berth.core.linux.SocketCalls;
import io.berth.core.linux.SocketConstant;
import io.berth.core.linux.SocketPair;
import io.berth.core.linux.Sys;
import io.berth.core.linux.SyscallException;
import io.berth.core.linux.WaitFlag;
import io.berth.core.plan.Arg.Cell;
import io.berth.core.plan.Arg.Data;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.Report.Message;
import io.berth.core.plan.Spawner.Running;
import io.berth.core.plan.Step.Width;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The real spawner runs real plans; nothing here needs root. */
@Timeout(60)
class SpawnerTest {
    private static final int MAX_ELF_BYTES = 4096;
    private static final byte[] ONE = {1};
    private static Spawner spawner;

    @BeforeAll
    static void load() {
        spawner = Spawner.load();
    }

    @AfterAll
    static void unload() {
        spawner.close();
    }

    @Test
    void programIsASmallStaticElf() {
        ByteBuffer elf = ByteBuffer.wrap(Spawner.resource()).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(elf.capacity()).isLessThan(MAX_ELF_BYTES);
        assertThat(elf.getInt(0)).isEqualTo(0x464c457f);
        assertThat(elf.getShort(16)).as("ET_EXEC").isEqualTo((short) 2);
        int headers = (int) elf.getLong(32);
        for (int i = 0; i < elf.getShort(56); i++) {
            int type = elf.getInt(headers + i * elf.getShort(54));
            assertThat(type).as("neither PT_DYNAMIC nor PT_INTERP").isNotIn(2, 3);
        }
    }

    @Test
    void endIsTheExitStatus() {
        assertThat(run(Plan.builder("p").end(42))).isEqualTo(new Exited(42));
    }

    @Test
    void aFailingStepIsReportedInWords() {
        Plan plan = Plan.builder("p")
                .call("who am I", Sys.GETPID)
                .call("volume target '/nonexistent'", Sys.CHDIR, "/nonexistent")
                .end(0)
                .build();
        try (Running running = spawner.start(plan, Map.of())) {
            assertThatThrownBy(running.report()::next)
                    .isInstanceOfSatisfying(
                            PlanException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT))
                    .hasMessage("volume target '/nonexistent' [step 1]: ENOENT (no such file or directory)");
            assertThat(running.child().waitFor()).isEqualTo(new Exited(123));
        }
    }

    @Test
    void toleratedAndIgnoredErrorsAreNone() {
        PlanBuilder plan = Plan.builder("p");
        Cell result = plan.cell("result");
        plan.call("leave", Sys.CHDIR, "/nonexistent")
                .tolerate(Errno.ENOENT)
                .call("leave", Sys.CHDIR, "/nonexistent")
                .ignoreErrors()
                .into(result)
                .tell(1, result)
                .end(0);
        assertThat(messages(plan)).containsExactly(new Message(1, -Errno.ENOENT.number()));
    }

    @Test
    void anotherErrnoThanTheToleratedOneFails() {
        PlanBuilder plan = Plan.builder("p")
                .call("leave", Sys.CHDIR, "/dev/null")
                .tolerate(Errno.ENOENT)
                .end(0);
        assertThatThrownBy(() -> messages(plan)).hasMessageContaining("leave [step 0]: ENOTDIR");
    }

    @Test
    void loopsCountDown() {
        PlanBuilder plan = Plan.builder("p");
        Cell left = plan.cell("left", 5);
        Cell sum = plan.cell("sum");
        plan.label("again")
                .add(sum, left)
                .add(left, -1)
                .jumpIfLess(0, left, "again")
                .tell(1, sum)
                .end(0);
        assertThat(messages(plan)).containsExactly(new Message(1, 15));
    }

    @Test
    void comparisonsAreSignedAndUnsigned() {
        PlanBuilder plan = Plan.builder("p");
        plan.jumpIfBelow(-1, 0, "wrong") // -1 is the greatest unsigned number
                .jumpIfLess(0, -1, "wrong")
                .jumpIfLess(3, 3, "wrong")
                .jumpIfEqual(1, 2, "wrong")
                .jumpIfAny(0b101, 0b010, "wrong")
                .jumpIfLess(-1, 0, "less")
                .label("wrong")
                .end(1)
                .label("less")
                .jumpIfBelow(0, -1, "below")
                .end(2)
                .label("below")
                .jumpIfAny(0b111, 0b010, "any")
                .end(3)
                .label("any")
                .jumpIfEqual(-7, -7, "equal")
                .end(4)
                .label("equal")
                .end(0);
        assertThat(run(plan)).isEqualTo(new Exited(0));
    }

    @Test
    void loadsKnowTheirWidth() {
        PlanBuilder plan = Plan.builder("p");
        Data bytes = plan.longs("bytes", 0x8182838485868788L);
        Cell value = plan.cell("value");
        Cell address = plan.cell("address");
        plan.set(address, bytes);
        for (Width width : Width.values()) {
            plan.load(value, width, address).tell(1, value);
        }
        plan.end(0);
        assertThat(messages(plan).stream().map(Message::value))
                .containsExactly(0x88L, 0x8788L, 0xffffffff85868788L, 0x8182838485868788L);
    }

    @Test
    void awaitGoesOnAfterAByte() {
        Slot go = new Slot(5, "go");
        Plan plan = awaiting();
        try (Pipe pipe = FileCalls.pipe2();
                Running running = spawner.start(plan, Map.of(go, pipe.readEnd()))) {
            assertThat(running.child().waitForNow()).isEmpty();
            FileCalls.write(pipe.writeEnd(), ONE);
            assertThat(running.child().waitFor()).isEqualTo(new Exited(0));
        }
    }

    @Test
    void awaitFailsWhenTheOtherSideDies() {
        Slot go = new Slot(5, "go");
        try (Pipe pipe = FileCalls.pipe2();
                Running running = spawner.start(awaiting(), Map.of(go, pipe.readEnd()))) {
            pipe.writeEnd().close();
            assertThatThrownBy(running.report()::next).hasMessage("await go [step 0]: EPIPE (broken pipe)");
            assertThat(running.child().waitFor()).isEqualTo(new Exited(123));
        }
    }

    private static Plan awaiting() {
        PlanBuilder plan = Plan.builder("p");
        return plan.await("go", plan.slot("go")).end(0).build();
    }

    @Test
    void everySlotWantsADescriptor() {
        assertThatThrownBy(() -> spawner.start(awaiting(), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the plan 'p' wants a descriptor for go");
    }

    @Test
    void executesAProgramWithArgumentsAndEnvironment() {
        Plan plan = Plan.builder("p")
                .exec(
                        "/bin/sh",
                        List.of("sh", "-c", "echo $GREETING $0 $1; exit 3", "a", "b c"),
                        List.of("GREETING=hi"))
                .build();
        try (Pipe out = FileCalls.pipe2();
                Fd in = FileCalls.openat("/dev/null");
                Running running = spawner.start(plan, Map.of(), List.of(in, out.writeEnd(), out.writeEnd()))) {
            out.writeEnd().close();
            assertThat(new String(FileCalls.readAll(out.readEnd()), StandardCharsets.UTF_8))
                    .isEqualTo("hi a b c\n");
            assertThat(running.child().waitFor()).isEqualTo(new Exited(3));
        }
    }

    @Test
    void clonesAndReapsAChildOfItsOwn() {
        PlanBuilder plan = Plan.builder("p");
        Cell pid = plan.cell("pid");
        Data siginfo = plan.space("siginfo", ExitStatus.SIGINFO_BYTES);
        Cell status = plan.cell("status");
        Data args = plan.longs("clone_args", CloneFlag.CLONE_FILES, 0, 0, 0, Signal.SIGCHLD, 0, 0, 0, 0, 0, 0);
        plan.call("clone", Sys.CLONE3, args, args.length())
                .into(pid)
                .jumpIfEqual(pid, 0, "child")
                .call("wait", Sys.WAITID, WaitFlag.P_PID, pid, siginfo, WaitFlag.WEXITED, 0)
                .retry()
                .load(status, Width.INT32, siginfo.at(24))
                .tell(1, status)
                .end(0)
                .label("child")
                .end(9);
        assertThat(messages(plan)).containsExactly(new Message(1, 9));
    }

    @Test
    void chainRunsTheNextPlan() {
        PlanBuilder next = Plan.builder("next");
        Cell value = next.cell("value", 77);
        next.tell(5, value).end(6);
        PlanBuilder first = Plan.builder("first");
        Slot code = first.slot("next plan");
        first.space("padding", 50_000);
        first.tell(4, 1).chain(code);
        try (Fd memfd = next.build().toMemfd();
                Running running = spawner.start(first.build(), Map.of(code, memfd))) {
            assertThat(running.report().next()).contains(new Message(4, 1));
            assertThat(running.report().next()).contains(new Message(5, 77));
            assertThat(running.report().next()).isEmpty();
            assertThat(running.child().waitFor()).isEqualTo(new Exited(6));
        }
    }

    @Test
    void chainRefusesWhatIsNoPlan() {
        PlanBuilder plan = Plan.builder("p").chain(0); // /dev/null
        assertThat(run(plan)).isEqualTo(new Exited(121));
    }

    /** A resident process receives plans by SCM_RIGHTS and runs each in a child: how containers attach on hybrid hosts. */
    @Test
    void aResidentSpawnerRunsPlansThatItReceives() {
        PlanBuilder resident = Plan.builder("resident");
        Slot requests = resident.slot("requests");
        Cell pid = resident.cell("pid");
        Cell received = resident.cell("received");
        Cell code = resident.cell("code");
        Data control = resident.space("control", 24);
        Data message = resident.longs("msghdr", 0, 0, iovec(resident), 1, control, control.length(), 0);
        Data args = resident.longs("clone_args", 0, 0, 0, 0, Signal.SIGCHLD, 0, 0, 0, 0, 0, 0);
        Data siginfo = resident.space("siginfo", ExitStatus.SIGINFO_BYTES);
        resident.label("next")
                .set(message.cell("msg_controllen", 40), control.length())
                .call("receive a plan", Sys.RECVMSG, requests, message, SocketConstant.MSG_CMSG_CLOEXEC)
                .into(received)
                .retry()
                .jumpIfEqual(received, 0, "over")
                .load(code, Width.INT32, control.at(16))
                .call("clone", Sys.CLONE3, args, args.length())
                .into(pid)
                .jumpIfEqual(pid, 0, "child")
                .call("close the plan", Sys.CLOSE, code)
                .call("wait", Sys.WAITID, WaitFlag.P_PID, pid, siginfo, WaitFlag.WEXITED, 0)
                .retry()
                .jump("next")
                .label("child")
                .chain(code)
                .label("over")
                .end(0);
        try (SocketPair pair = SocketCalls.socketpair(SocketConstant.SOCK_SEQPACKET);
                Running running = spawner.start(resident.build(), Map.of(requests, pair.right()))) {
            pair.right().close();
            for (int i = 1; i <= 3; i++) {
                try (Fd plan =
                        Plan.builder("job").tell(i, 10L * i).end(0).build().toMemfd()) {
                    SocketCalls.sendmsg(pair.left(), ONE, List.of(plan));
                }
                assertThat(running.report().expect(i)).isEqualTo(10L * i);
            }
            pair.left().close();
            assertThat(running.child().waitFor()).isEqualTo(new Exited(0));
        }
    }

    private static Data iovec(PlanBuilder plan) {
        Data room = plan.space("room", 8);
        return plan.longs("iovec", room, room.length());
    }

    @Test
    void aMonitorThatHoldsThePipeDoesntHideASilentDeath() {
        PlanBuilder plan = Plan.builder("p");
        Slot go = plan.slot("go");
        Cell pid = plan.cell("pid");
        Data args = plan.longs("clone_args", 0, 0, 0, 0, Signal.SIGCHLD, 0, 0, 0, 0, 0, 0);
        Data siginfo = plan.space("siginfo", ExitStatus.SIGINFO_BYTES);
        plan.call("clone", Sys.CLONE3, args, args.length())
                .into(pid)
                .jumpIfEqual(pid, 0, "child")
                .tell(1, pid)
                .await("go", go)
                .call("wait", Sys.WAITID, WaitFlag.P_PID, pid, siginfo, WaitFlag.WEXITED, 0)
                .end(0)
                .label("child")
                .end(0);
        try (Pipe pipe = FileCalls.pipe2();
                Running running = spawner.start(plan.build(), Map.of(go, pipe.readEnd()));
                Fd pidfd = ProcessCalls.pidfdOpen((int) running.report().expect(1))) {
            assertThatThrownBy(() -> running.report().next(null, pidfd))
                    .isInstanceOf(PlanException.class)
                    .hasMessageContaining("ended without a word");
            assertThatThrownBy(() -> running.report().next(Duration.ofMillis(1)))
                    .hasMessageContaining("ETIMEDOUT");
            FileCalls.write(pipe.writeEnd(), ONE);
            assertThat(running.child().waitFor()).isEqualTo(new Exited(0));
        }
    }

    @Test
    void anUnexpectedMessageIsAnError() {
        Plan plan = Plan.builder("p").tell(2, 0).end(0).build();
        try (Running running = spawner.start(plan, Map.of())) {
            assertThatThrownBy(() -> running.report().expect(1)).hasMessageContaining("expected message 1");
            assertThatThrownBy(() -> running.report().expect(1)).hasMessageContaining("ended before message 1");
            assertThat(running.child().waitFor()).isEqualTo(new Exited(0));
        }
    }

    @Test
    void theSpawnerCannotBeChangedThroughProcExe() {
        PlanBuilder plan = Plan.builder("p");
        Slot go = plan.slot("go");
        plan.tell(1, 0).await("go", go).end(0);
        try (Pipe pipe = FileCalls.pipe2();
                Running running = spawner.start(plan.build(), Map.of(go, pipe.readEnd()))) {
            assertThat(running.report().expect(1)).isZero();
            String exe = "/proc/" + running.child().pid() + "/exe";
            assertThat(FileCalls.readlinkat(Fd.AT_FDCWD, exe)).startsWith("/memfd:berth-spawner");
            assertThatThrownBy(() -> {
                        try (Fd fd = FileCalls.openat(exe, OpenFlag.O_WRONLY)) {
                            FileCalls.write(fd, ONE);
                        }
                    })
                    .isInstanceOfSatisfying(
                            SyscallException.class, e -> assertThat(e.errno()).isIn(Errno.ETXTBSY, Errno.EPERM));
            FileCalls.write(pipe.writeEnd(), ONE);
            assertThat(running.child().waitFor()).isEqualTo(new Exited(0));
        }
    }

    @Test
    void manyStartsLeaveNoDescriptorBehind() {
        int before = openDescriptors();
        for (int i = 0; i < 200; i++) {
            assertThat(run(Plan.builder("p").end(0))).isEqualTo(new Exited(0));
        }
        assertThat(openDescriptors()).isEqualTo(before);
    }

    private static int openDescriptors() {
        String[] names = new File("/proc/self/fd").list();
        return names == null ? -1 : names.length;
    }

    private static ExitStatus run(PlanBuilder plan) {
        try (Running running = spawner.start(plan.build(), Map.of())) {
            return running.child().waitFor();
        }
    }

    private static List<Message> messages(PlanBuilder plan) {
        List<Message> messages = new ArrayList<>();
        try (Running running = spawner.start(plan.build(), Map.of())) {
            try {
                for (Optional<Message> next = running.report().next();
                        next.isPresent();
                        next = running.report().next()) {
                    messages.add(next.get());
                }
            } finally {
                running.child().waitFor();
            }
        }
        return messages;
    }
}
