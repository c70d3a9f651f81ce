// SPDX-License-Identifier: Apache-2.0
package io.berth.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.linux.CloneFlag;
import io.berth.core.linux.Errno;
import io.berth.core.linux.Flags;
import io.berth.core.linux.MountFlag;
import io.berth.core.linux.MoveMountFlag;
import io.berth.core.linux.PollEvent;
import io.berth.core.linux.Sys;
import io.berth.core.plan.Arg.Cell;
import io.berth.core.plan.Arg.Data;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.Step.Width;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlanTest {
    @Test
    void describesItselfAsAReadableList() {
        PlanBuilder plan = Plan.builder("init of ct1");
        Slot rootfs = plan.slot("rootfs");
        Slot go = plan.slot("go");
        Cell pid = plan.cell("pid");
        Cell left = plan.cell("left", 3);
        plan.call("unshare the cgroup namespace", Sys.UNSHARE, CloneFlag.CLONE_NEWCGROUP)
                .call("make / private", Sys.MOUNT, 0, "/", 0, Flags.of(MountFlag.MS_REC, MountFlag.MS_PRIVATE), 0)
                .tolerate(Errno.EINVAL)
                .label("again")
                .call("attach /dev", Sys.MOVE_MOUNT, rootfs, "", -100, "dev", MoveMountFlag.MOVE_MOUNT_F_EMPTY_PATH)
                .into(pid)
                .ignoreErrors()
                .add(left, -1)
                .jumpIfLess(0, left, "again")
                .jumpIfAny(pid, PollEvent.POLLIN, "again")
                .jumpIfBelow(pid, left, "again")
                .load(left, Width.INT32, pid.pointer())
                .tell(2, pid)
                .await("go", go)
                .jumpIfEqual(pid, 0, "child")
                .chain(go)
                .label("child")
                .exec("/sbin/init", List.of("/sbin/init", "3"), List.of());

        assertThat(plan.build()).hasToString("""
                init of ct1
                    fd 5 is rootfs
                    fd 6 is go
                   0  unshare the cgroup namespace: unshare(CLONE_NEWCGROUP)
                   1  make / private: mount(0, '/', 0, MS_REC|MS_PRIVATE, 0), tolerating EINVAL
                again:
                   2  attach /dev: move_mount(rootfs, '', -100, 'dev', MOVE_MOUNT_F_EMPTY_PATH) -> pid, ignoring errors
                   3  left += -1
                   4  if 0 < left go to again
                   5  if pid has any of POLLIN go to again
                   6  if pid below left go to again
                   7  left = INT32 at &pid
                   8  message = pid
                   9  tell: write(report, {2, pid}, 16)
                  10  await go: read(go, scratch, 1)
                  11  if pid == 0 go to child
                  12  continue with the plan in go
                child:
                  13  execute '/sbin/init': execve('/sbin/init', ['/sbin/init', '3'], [])
                """);
    }

    @Test
    void refusesALabelThatLabelsNoStep() {
        assertThatThrownBy(() -> Plan.builder("p").jump("nowhere").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the plan 'p' goes to 'nowhere', which labels no step");
        assertThatThrownBy(() -> Plan.builder("p").jump("end").label("end").build())
                .hasMessageContaining("labels no step");
        assertThatThrownBy(() -> Plan.builder("p").label("a").label("a")).hasMessage("the label 'a' twice");
    }

    @Test
    void refusesToRunPastItsEnd() {
        String message = "the plan 'p' runs past its last step: finish with end, jump, chain or execve";
        assertThatThrownBy(() -> Plan.builder("p").build()).hasMessage(message);
        assertThatThrownBy(() -> Plan.builder("p").call("who am I", Sys.GETPID).build())
                .hasMessage(message);
        assertThatThrownBy(() -> Plan.builder("p")
                        .exec("/sbin/init", List.of(), List.of())
                        .ignoreErrors()
                        .build())
                .hasMessage(message);
    }

    @Test
    void refusesMoreThanSixArguments() {
        assertThatThrownBy(() -> Plan.builder("p").call("too much", Sys.MMAP, 1, 2, 3, 4, 5, 6, 7))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("too much: mmap with 7 arguments");
    }

    @Test
    void refusesWhatIsNoArgument() {
        PlanBuilder plan = Plan.builder("p");
        Cell cell = plan.cell("pid");
        assertThatThrownBy(() -> plan.call("odd", Sys.CLOSE, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("no argument of a step");
        assertThatThrownBy(() -> plan.longs("clone_args", 1, cell)).hasMessageContaining("value of pid");
        assertThatThrownBy(() -> plan.string("a\0b")).hasMessage("a NUL in 'a?b'");
        assertThatThrownBy(() -> plan.tell(0, 1)).hasMessage("kind 0: kinds begin at 1");
        assertThatThrownBy(plan::retry).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> plan.sockFprog(new byte[7])).hasMessage("a BPF program of 7 bytes");
    }

    @Test
    void cellsOfAStructAreAlignedAndInside() {
        Data struct = Plan.builder("p").space("struct", 24);
        assertThat(struct.cell("second", 8).address()).isEqualTo(struct.address() + 8);
        assertThat(struct.at(20)).isEqualTo(new Data(struct.address() + 20, 4, "struct+20"));
        assertThatThrownBy(() -> struct.cell("odd", 4)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> struct.cell("outside", 24)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> struct.at(25)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void isImmutable() {
        byte[] data = {1};
        var plan = new Plan("p", List.of(new Step.End(new Arg.Immediate(0, "0"))), Map.of(), List.of(), data);
        data[0] = 2;
        plan.data()[0] = 3;
        assertThat(plan.data()).containsExactly(1);
    }
}
