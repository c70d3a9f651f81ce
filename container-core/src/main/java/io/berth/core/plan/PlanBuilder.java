// SPDX-License-Identifier: Apache-2.0
package io.berth.core.plan;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Sys;
import io.berth.core.plan.Arg.Cell;
import io.berth.core.plan.Arg.Data;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.Step.Comparison;
import io.berth.core.plan.Step.Width;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Composes a {@link Plan}. Where an argument is an {@code Object}, it is an {@link Arg}, a number, a constant or flags of {@link
 * io.berth.core.linux}, or a String, which becomes NUL-terminated data.
 */
public final class PlanBuilder {
    private final String name;
    private final DataArea data = new DataArea();
    private final List<Step> steps = new ArrayList<>();
    private final Map<String, Integer> labels = new HashMap<>();
    private final List<Slot> slots = new ArrayList<>();

    PlanBuilder(String name) {
        this.name = name;
    }

    /** A descriptor that the process is to be born with; the launcher says which. */
    public Slot slot(String slotName) {
        Slot slot = new Slot(Plan.FIRST_FREE_SLOT + slots.size(), slotName);
        slots.add(slot);
        return slot;
    }

    /** A variable, 0 at first. */
    public Cell cell(String cellName) {
        return cell(cellName, 0);
    }

    public Cell cell(String cellName, long value) {
        return new Cell(cellName, data.longs("", value).address());
    }

    public Data bytes(String text, byte[] bytes) {
        return data.bytes(text, bytes);
    }

    /** Zeroed room, for what calls fill in. */
    public Data space(String text, int length) {
        return data.bytes(text, new byte[length]);
    }

    public Data string(String string) {
        return data.string(string);
    }

    /** A struct of 64-bit fields: numbers, constants, flags or addresses ({@link Data}). */
    public Data longs(String text, Object... values) {
        long[] encoded = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            Arg arg = data.arg(values[i]);
            if (arg instanceof Cell cell) {
                throw new IllegalArgumentException(text + " can't hold the value of " + cell.name()
                        + ", which isn't known yet: assign it to Data.cell(…), or give its pointer()");
            }
            encoded[i] = arg.encoded();
        }
        return data.longs(text, encoded);
    }

    /** argv or envp: addresses of strings, then 0. */
    public Data strings(List<String> strings) {
        return data.strings(strings);
    }

    /** struct sock_fprog of a classic BPF program of 8-byte instructions, include/uapi/linux/filter.h. */
    public Data sockFprog(byte[] program) {
        if (program.length == 0 || program.length % Long.BYTES != 0) {
            throw new IllegalArgumentException("a BPF program of " + program.length + " bytes");
        }
        Data instructions = data.bytes("program", program);
        int count = program.length / Long.BYTES;
        return data.longs("filter of " + count + " instructions", count, instructions.address());
    }

    /** The next step's name for jumps. */
    public PlanBuilder label(String label) {
        if (labels.putIfAbsent(label, steps.size()) != null) {
            throw new IllegalArgumentException("the label '" + label + "' twice");
        }
        return this;
    }

    /** @param what the purpose, which an error message begins with */
    public PlanBuilder call(String what, Sys syscall, Object... args) {
        return add(
                new Step.Call(what, syscall, Arrays.stream(args).map(data::arg).toList()));
    }

    /** The result of the call just added goes into the cell. */
    public PlanBuilder into(Cell cell) {
        return change(call -> call.into(cell));
    }

    /** An errno of the call just added that is as good as success. */
    public PlanBuilder tolerate(Errno errno) {
        return change(call -> call.tolerating(errno));
    }

    /** Any error of the call just added is as good as success. */
    public PlanBuilder ignoreErrors() {
        return change(Step.Call::ignoringErrors);
    }

    /** The call just added starts anew after EINTR. */
    public PlanBuilder retry() {
        return change(Step.Call::retrying);
    }

    /** A result of 0 (end of file) of the call just added is a failure, EPIPE. */
    public PlanBuilder failOnZero() {
        return change(Step.Call::failingOnZero);
    }

    public PlanBuilder jump(String label) {
        return add(new Step.Jump(label));
    }

    public PlanBuilder jumpIfEqual(Object left, Object right, String label) {
        return jumpIf(left, Comparison.EQUAL, right, label);
    }

    /** Signed. */
    public PlanBuilder jumpIfLess(Object left, Object right, String label) {
        return jumpIf(left, Comparison.LESS, right, label);
    }

    /** Unsigned. */
    public PlanBuilder jumpIfBelow(Object left, Object right, String label) {
        return jumpIf(left, Comparison.BELOW, right, label);
    }

    /** If they have a bit in common. */
    public PlanBuilder jumpIfAny(Object left, Object bits, String label) {
        return jumpIf(left, Comparison.ANY, bits, label);
    }

    private PlanBuilder jumpIf(Object left, Comparison comparison, Object right, String label) {
        return add(new Step.JumpIf(data.arg(left), comparison, data.arg(right), label));
    }

    public PlanBuilder set(Cell cell, Object value) {
        return add(new Step.Assign(cell, data.arg(value)));
    }

    public PlanBuilder add(Cell cell, Object value) {
        return add(new Step.Add(cell, data.arg(value)));
    }

    /** @param address {@link Data}, or a {@link Cell} that holds an address */
    public PlanBuilder load(Cell cell, Width width, Arg address) {
        return add(new Step.Load(cell, address, width));
    }

    /** Forgets this plan and begins the one in the descriptor, which stays open. */
    public PlanBuilder chain(Object fd) {
        return add(new Step.Chain(data.arg(fd)));
    }

    public PlanBuilder end(Object status) {
        return add(new Step.End(data.arg(status)));
    }

    /** Sends a message to whoever reads the {@link Report}. SIGPIPE ends the process if nobody can any more. */
    public PlanBuilder tell(int kind, Object value) {
        if (kind <= Report.FAILED) {
            throw new IllegalArgumentException("kind " + kind + ": kinds begin at 1");
        }
        Data message = data.longs("{" + kind + ", " + data.arg(value).describe() + "}", kind, 0);
        set(message.cell("message", Long.BYTES), value);
        return call("tell", Sys.WRITE, Plan.REPORT, message, message.length());
    }

    /** Waits for a byte from a pipe; its end instead is a failure, so that no process outlives whoever was to let it go. */
    public PlanBuilder await(String what, Object fd) {
        return call("await " + what, Sys.READ, fd, data.scratch(), 1).retry().failOnZero();
    }

    public PlanBuilder exec(String path, List<String> argv, List<String> environment) {
        return call("execute '" + path + "'", Sys.EXECVE, path, strings(argv), strings(environment));
    }

    /** @throws IllegalArgumentException when the plan would go wrong whatever the kernel says */
    public Plan build() {
        return new Plan(name, steps, labels, slots, data.toByteArray());
    }

    private PlanBuilder add(Step step) {
        steps.add(step);
        return this;
    }

    private PlanBuilder change(UnaryOperator<Step.Call> change) {
        if (steps.isEmpty() || !(steps.getLast() instanceof Step.Call call)) {
            throw new IllegalStateException("the step before is no call");
        }
        steps.set(steps.size() - 1, change.apply(call));
        return this;
    }
}
