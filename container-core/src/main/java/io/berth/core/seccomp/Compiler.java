// SPDX-License-Identifier: Apache-2.0
package io.berth.core.seccomp;

import io.berth.core.linux.Errno;
import io.berth.core.seccomp.Condition.Always;
import io.berth.core.seccomp.Condition.ArgumentHas;
import io.berth.core.seccomp.Condition.ArgumentIs;
import io.berth.core.seccomp.Condition.ArgumentLacks;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Rules to BPF. Per ABI a balanced tree over the denied numbers: about six comparisons for a call that isn't cached. On the kernels
 * that cache (since Linux 5.11), a call that no rule names never runs the filter.
 */
final class Compiler {
    /** __X32_SYSCALL_BIT, arch/x86/include/uapi/asm/unistd.h: x32 shares x86-64's ABI value. Nothing else has such numbers. */
    private static final int FIRST_X32_NUMBER = 0x40000000;

    private final List<Rule> rules;

    Compiler(List<Rule> rules) {
        this.rules = List.copyOf(rules);
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
        var byNumber = new TreeMap<Integer, List<Rule>>();
        for (Rule rule : rules) {
            rule.numbers()
                    .on(abi)
                    .ifPresent(number -> byNumber.computeIfAbsent(number, _ -> new ArrayList<>())
                            .add(rule));
        }
        return byNumber.entrySet().stream()
                .map(entry -> new Leaf(entry.getKey(), body(entry.getValue())))
                .toList();
    }

    private static List<Instruction> body(List<Rule> rules) {
        List<Instruction> body = new ArrayList<>();
        for (Rule rule : rules) {
            body.addAll(check(rule));
        }
        body.add(Instruction.allow());
        return body;
    }

    private static List<Instruction> check(Rule rule) {
        Instruction fail = Instruction.fail(rule.errno());
        return switch (rule.when()) {
            case Always _ -> List.of(fail);
            case ArgumentIs is -> {
                List<Instruction> check = new ArrayList<>();
                check.add(Instruction.loadArgument(is.argument()));
                is.values().forEach(value -> {
                    check.add(Instruction.jumpIfEqual(value.value(), 0, 1));
                    check.add(fail);
                });
                yield check;
            }
            case ArgumentHas has ->
                List.of(
                        Instruction.loadArgument(has.argument()),
                        Instruction.jumpIfAnyBit(has.bit().value(), 0, 1),
                        fail);
            case ArgumentLacks lacks ->
                List.of(
                        Instruction.loadArgument(lacks.argument()),
                        Instruction.jumpIfAnyBit(lacks.bit().value(), 1, 0),
                        fail);
        };
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
