// SPDX-License-Identifier: Apache-2.0
package io.berth.core.seccomp;

import io.berth.core.linux.Architecture;
import io.berth.core.linux.Flags;
import io.berth.core.linux.SeccompFlag;
import io.berth.core.linux.Sys;
import io.berth.core.plan.PlanBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.Collectors;

/** Which system calls a container doesn't get, as data, as text and as the program that the kernel runs. Immutable. */
public final class SeccompPolicy {
    private final Architecture architecture;
    private final List<Rule> rules;
    private final List<Instruction> instructions;

    private SeccompPolicy(Architecture architecture, List<Rule> rules) {
        this.architecture = architecture;
        this.rules = List.copyOf(rules);
        this.instructions = List.copyOf(new Compiler(rules).compile(Abi.of(architecture)));
    }

    /** The one policy of all containers. */
    public static SeccompPolicy container(Architecture architecture) {
        return new SeccompPolicy(architecture, DenyList.rules());
    }

    /** struct sock_filter[], for {@link PlanBuilder#sockFprog}. */
    public byte[] program() {
        ByteBuffer bytes =
                ByteBuffer.allocate(Instruction.SIZE * instructions.size()).order(ByteOrder.LITTLE_ENDIAN);
        instructions.forEach(instruction -> instruction.encode(bytes));
        return bytes.array();
    }

    public int instructionCount() {
        return instructions.size();
    }

    /**
     * Adds the step that puts the filter on the process and its descendants. It needs CAP_SYS_ADMIN in the process's user namespace,
     * so it comes before capabilities and uids are given up. Its result is the listener's descriptor with
     * SECCOMP_FILTER_FLAG_NEW_LISTENER, else 0: {@link PlanBuilder#into} may follow.
     */
    public PlanBuilder install(PlanBuilder plan, SeccompFlag... flags) {
        return plan.call(
                "seccomp filter",
                Sys.SECCOMP,
                SeccompFlag.SECCOMP_SET_MODE_FILTER,
                Flags.of(flags),
                plan.sockFprog(program()));
    }

    /** A line per rule: {@code umount2 with MNT_FORCE: EPERM: the reason}. */
    public String describe() {
        String abis = Abi.of(architecture).stream().map(Abi::name).collect(Collectors.joining(" and "));
        return rules.stream()
                .map(Rule::describe)
                .collect(Collectors.joining(
                        "\n",
                        "Denied to programs of " + abis
                                + " (any other ABI is killed, x32 gets ENOSYS); all else is allowed:\n",
                        "\n"));
    }
}
