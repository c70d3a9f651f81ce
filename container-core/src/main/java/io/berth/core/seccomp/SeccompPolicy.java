// SPDX-License-Identifier: Apache-2.0
package io.berth.core.seccomp;

import io.berth.core.linux.Architecture;
import io.berth.core.linux.Flags;
import io.berth.core.linux.SeccompFlag;
import io.berth.core.linux.Sys;
import io.berth.core.plan.PlanBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which system calls a container doesn't get, as data, as text and as the program that the kernel runs. Immutable. */
public final class SeccompPolicy {
    private final Architecture architecture;
    private final List<Patch> patches;
    private final boolean supervised;
    private final List<Case> cases;
    private final Map<Long, List<Case>> byNumber;
    private final List<Instruction> instructions;

    private SeccompPolicy(Architecture architecture, List<Patch> patches, boolean supervised) {
        this.architecture = architecture;
        this.patches = List.copyOf(patches);
        this.supervised = supervised;
        Stream<Case> denied = rules().map(rule -> Case.of(rule, supervised));
        Stream<Case> emulated = supervised ? Arrays.stream(Emulated.values()).map(Case::of) : Stream.empty();
        this.cases = Stream.concat(denied, emulated).toList();
        this.byNumber = byNumber(architecture, cases);
        this.instructions = List.copyOf(new Compiler(cases).compile(Abi.of(architecture)));
    }

    /** Patches come first: they deny whatever a condition would let through. */
    private Stream<Rule> rules() {
        return Stream.concat(patches.stream().map(Patch::rule), DenyList.rules().stream());
    }

    /** The one policy of all containers, every denial of it answered by the kernel. */
    public static SeccompPolicy container(Architecture architecture) {
        return new SeccompPolicy(architecture, List.of(), false);
    }

    /** The same with these calls denied too. */
    public SeccompPolicy patched(List<Patch> patches) {
        return new SeccompPolicy(architecture, patches, supervised);
    }

    /** The same for a filter that somebody listens to: denials are notified, and so are the calls that are emulated. */
    public SeccompPolicy supervised() {
        return new SeccompPolicy(architecture, patches, true);
    }

    /**
     * What a notification of this policy's filter is about.
     *
     * @param audit AUDIT_ARCH_* of struct seccomp_data
     * @param arguments all six
     */
    public Verdict verdict(int audit, int number, long[] arguments) {
        // no stream: this is asked for each call, and by threads whose code is seldom compiled yet
        for (Case one : byNumber.getOrDefault(key(audit, number), List.of())) {
            if (one.when().holds(arguments)) {
                return one.verdict();
            }
        }
        return new Verdict.Unknown();
    }

    private static Map<Long, List<Case>> byNumber(Architecture architecture, List<Case> cases) {
        Map<Long, List<Case>> byNumber = new HashMap<>();
        for (Abi abi : Abi.of(architecture)) {
            for (Case one : cases) {
                one.numbers()
                        .on(abi)
                        .ifPresent(number -> byNumber.computeIfAbsent(key(abi.audit(), number), _ -> new ArrayList<>())
                                .add(one));
            }
        }
        return byNumber;
    }

    private static long key(int audit, int number) {
        return (long) audit << Integer.SIZE | Integer.toUnsignedLong(number);
    }

    /** Whether a patch denies the call. */
    public boolean denies(String call) {
        return patches.contains(new Patch(call));
    }

    /** Whether denials by this rule can be excepted from: only the supervisor can, and the kernel answers some by itself. */
    public boolean mayGrant(String rule) {
        return rules().anyMatch(one -> one.call().equals(rule) && one.answer() == Rule.Answer.NOTIFIED);
    }

    /** The rules that have an id of this policy's, in its order. */
    public List<String> grantable() {
        return rules().filter(rule -> rule.answer() == Rule.Answer.NOTIFIED)
                .map(Rule::call)
                .distinct()
                .toList();
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
        String emulated = supervised
                ? Arrays.stream(Emulated.values())
                        .map(Emulated::describe)
                        .collect(Collectors.joining("\n", "Answered by the supervisor:\n", "\n"))
                : "";
        return emulated
                + rules().map(Rule::describe)
                        .collect(Collectors.joining(
                                "\n",
                                "Denied to programs of " + abis
                                        + " (any other ABI is killed, x32 gets ENOSYS); all else is allowed:\n",
                                "\n"));
    }
}
