// SPDX-License-Identifier: Apache-2.0
package io.berth.core.plan;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.plan.Arg.Slot;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a spawned process does. Immutable; {@link #describe()} prints it, {@link #toMemfd()} makes it runnable.
 *
 * @param name who runs it
 * @param labels the index of the step that each stands before
 * @param slots the descriptors beside stdin, stdout, stderr, the plan and the report that the process is born with
 * @param data what {@link Arg.Data} and {@link Arg.Cell} point into
 */
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and never handed out
public record Plan(String name, List<Step> steps, Map<String, Integer> labels, List<Slot> slots, byte[] data) {
    /** The descriptor that the plan itself is found on. */
    public static final Slot PLAN = new Slot(3, "plan");
    /** The descriptor that a failed step and {@link PlanBuilder#tell} write to. */
    public static final Slot REPORT = new Slot(4, "report");

    static final int FIRST_FREE_SLOT = 5;

    public Plan {
        steps = List.copyOf(steps);
        labels = Map.copyOf(labels);
        slots = List.copyOf(slots);
        data = data.clone();
        checkEnd(name, steps);
        checkLabels(name, steps, labels);
    }

    private static void checkEnd(String name, List<Step> steps) {
        boolean ends = !steps.isEmpty()
                && switch (steps.getLast()) {
                    case Step.End _, Step.Jump _, Step.Chain _ -> true;
                    case Step.Call call ->
                        switch (call.syscall()) {
                            case EXECVE, EXECVEAT, EXIT_GROUP -> call.onFailure() == Step.OnFailure.REPORT;
                            default -> false;
                        };
                    case Step.JumpIf _, Step.Assign _, Step.Add _, Step.Load _ -> false;
                };
        if (!ends) {
            throw new IllegalArgumentException(
                    "the plan '" + name + "' runs past its last step: finish with end, jump, chain or execve");
        }
    }

    private static void checkLabels(String name, List<Step> steps, Map<String, Integer> labels) {
        for (Step step : steps) {
            String label = switch (step) {
                case Step.Jump jump -> jump.label();
                case Step.JumpIf jump -> jump.label();
                case Step.Call _, Step.Assign _, Step.Add _, Step.Load _, Step.Chain _, Step.End _ -> null;
            };
            if (label != null && labels.getOrDefault(label, steps.size()) >= steps.size()) {
                throw new IllegalArgumentException(
                        "the plan '" + name + "' goes to '" + label + "', which labels no step");
            }
        }
    }

    public static PlanBuilder builder(String name) {
        return new PlanBuilder(name);
    }

    /** The binary form that the spawner runs. */
    public byte[] encode() {
        return Encoder.encode(this);
    }

    /** The binary form in a sealed file. */
    public Fd toMemfd() {
        return FileCalls.sealedMemfd("plan", encode());
    }

    /** {@code volume target '/nonexistent' [step 14]}. */
    String describeStep(int index) {
        String what = switch (steps.get(index)) {
            case Step.Call call -> call.what();
            case Step step -> step.describe();
        };
        return what + " [step " + index + "]";
    }

    /** All steps, one a line, with their indices, and the labels between them. */
    public String describe() {
        var labelsAt = new TreeMap<Integer, StringBuilder>();
        new TreeMap<>(labels)
                .forEach((label, at) -> labelsAt.computeIfAbsent(at, _ -> new StringBuilder())
                        .append(label)
                        .append(":\n"));
        var text = new StringBuilder(name).append('\n');
        for (Slot slot : slots) {
            text.append("    fd %d is %s%n".formatted(slot.number(), slot.name()));
        }
        for (int i = 0; i < steps.size(); i++) {
            text.append(labelsAt.getOrDefault(i, new StringBuilder()));
            text.append("%4d  %s%n".formatted(i, steps.get(i).describe()));
        }
        return text.toString();
    }

    @Override
    public byte[] data() {
        return data.clone();
    }

    @Override
    public String toString() {
        return describe();
    }
}
