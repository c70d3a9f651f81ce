// SPDX-License-Identifier: Apache-2.0
package io.berth.core.seccomp;

import io.berth.core.linux.Errno;
import io.berth.core.seccomp.Condition.AllOf;
import io.berth.core.seccomp.Condition.Always;
import io.berth.core.seccomp.Condition.ArgumentHas;
import io.berth.core.seccomp.Condition.ArgumentIs;
import io.berth.core.seccomp.Condition.ArgumentIsNot;
import io.berth.core.seccomp.Condition.ArgumentLacks;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Cases to BPF. Per ABI a balanced tree over the numbers that it names: about six comparisons for a call that isn't cached. On the kernels
 * that cache (since Linux 5.11), a call that no case names never runs the filter.
 */
final class Compiler {
    /** __X32_SYSCALL_BIT, arch/x86/include/uapi/asm/unistd.h: x32 shares x86-64's ABI value. Nothing else has such numbers. */
    private static final int FIRST_X32_NUMBER = 0x40000000;

    private final List<Case> cases;

    Compiler(List<Case> cases) {
        this.cases = List.copyOf(cases);
    }

    /** The first ABI is the one that is quickest to recognise; every other is killed with SIGSYS. */
    List<Instruction> compile(List<Abi> abis) {
        List<Instruction> program = new ArrayList<>();
        program.add(Instruction.load(Instruction.ARCH));
        for (Abi abi : abis) {
            List<Instruction> section = section(abi);
            // a section is longer than a conditional jump reaches; the accumulator still holds the ABI behind it
            program.add(Instruction.jumpIfEqual(abi.audit(), 1, 0));
            program.add(Instruction.jump(section.size()));
            program.addAll(section);
        }
        program.add(Instruction.killProcess());
        return program;
    }

    private List<Instruction> section(Abi abi) {
        List<Instruction> section = new ArrayList<>();
        section.add(Instruction.load(Instruction.NR));
        if (abi == Abi.X86_64) {
            section.add(Instruction.jumpIfAtLeast(FIRST_X32_NUMBER, 0, 1));
            section.add(Instruction.fail(Errno.ENOSYS));
        }
        section.addAll(tree(leaves(abi)));
        return section;
    }

    /** A system call's number and what happens then. The body returns in all cases, its last instruction being a return. */
    private record Leaf(int number, List<Instruction> body) {}

    private List<Leaf> leaves(Abi abi) {
        var byNumber = new TreeMap<Integer, List<Case>>();
        for (Case one : cases) {
            one.numbers()
                    .on(abi)
                    .ifPresent(number -> byNumber.computeIfAbsent(number, _ -> new ArrayList<>())
                            .add(one));
        }
        return byNumber.entrySet().stream()
                .map(entry -> new Leaf(entry.getKey(), body(entry.getValue())))
                .toList();
    }

    private static List<Instruction> body(List<Case> cases) {
        List<Instruction> body = new ArrayList<>();
        for (Case one : cases) {
            body.addAll(check(one.when(), List.of(one.outcome())));
        }
        body.add(Instruction.allow());
        return body;
    }

    /** Runs into {@code then} where the condition holds, and past it where not. */
    private static List<Instruction> check(Condition when, List<Instruction> then) {
        List<Instruction> check = new ArrayList<>();
        int over = then.size();
        switch (when) {
            case Always _ -> {}
            case ArgumentIs is -> {
                check.add(Instruction.loadArgument(is.argument()));
                for (int left = is.values().size() - 1; left >= 0; left--) {
                    int value = is.values().get(is.values().size() - 1 - left).value();
                    check.add(Instruction.jumpIfEqual(value, left, left == 0 ? over : 0));
                }
            }
            case ArgumentHas has -> {
                check.add(Instruction.loadArgument(has.argument()));
                check.add(Instruction.jumpIfAnyBit(has.bit().value(), 0, over));
            }
            case ArgumentLacks lacks -> {
                check.add(Instruction.loadArgument(lacks.argument()));
                check.add(Instruction.jumpIfAnyBit(lacks.bit().value(), over, 0));
            }
            case ArgumentIsNot isNot -> {
                check.add(Instruction.loadArgument(isNot.argument()));
                check.add(Instruction.jumpIfEqual(isNot.value().value(), over, 0));
            }
            case AllOf both -> {
                return check(both.first(), check(both.second(), then));
            }
        }
        check.addAll(then);
        return check;
    }

    private static List<Instruction> tree(List<Leaf> leaves) {
        List<Instruction> tree = new ArrayList<>();
        if (leaves.isEmpty()) {
            tree.add(Instruction.allow());
        } else if (leaves.size() == 1) {
            Leaf leaf = leaves.getFirst();
            // to the body's last instruction, which allows
            tree.add(Instruction.jumpIfEqual(leaf.number, 0, leaf.body.size() - 1));
            tree.addAll(leaf.body);
        } else {
            int middle = leaves.size() / 2;
            List<Instruction> below = tree(leaves.subList(0, middle));
            tree.add(Instruction.jumpIfAtLeast(leaves.get(middle).number, below.size(), 0));
            tree.addAll(below);
            tree.addAll(tree(leaves.subList(middle, leaves.size())));
        }
        return tree;
    }
}
