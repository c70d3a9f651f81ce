// SPDX-License-Identifier: Apache-2.0
package io.berth.core.plan;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Sys;
import io.berth.core.plan.Arg.Cell;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One step of a plan. */
public sealed interface Step {
    /** A readable line: {@code attach /dev: move_mount(dev, '', root, 'dev', MOVE_MOUNT_F_EMPTY_PATH)}. */
    String describe();

    /** What becomes of a call that doesn't succeed at once. */
    enum OnFailure {
        /** The process reports the step and exits. */
        REPORT,
        /** The next step runs; the negative errno is the result. */
        IGNORE
    }

    /**
     * A system call.
     *
     * @param what the purpose, which an error message begins with
     * @param result where the result goes
     * @param tolerated an errno that is as good as success
     * @param retry whether EINTR starts it anew
     * @param zeroFails whether a result of 0 (end of file) is a failure, reported as EPIPE
     */
    record Call(
            String what,
            Sys syscall,
            List<Arg> args,
            @Nullable Cell result,
            @Nullable Errno tolerated,
            OnFailure onFailure,
            boolean retry,
            boolean zeroFails)
            implements Step {
        private static final int MAX_ARGS = 6;

        public Call {
            args = List.copyOf(args);
            if (args.size() > MAX_ARGS) {
                throw new IllegalArgumentException(
                        what + ": " + syscall.call() + " with " + args.size() + " arguments");
            }
        }

        Call(String what, Sys syscall, List<Arg> args) {
            this(what, syscall, args, null, null, OnFailure.REPORT, false, false);
        }

        Call into(Cell cell) {
            return new Call(what, syscall, args, cell, tolerated, onFailure, retry, zeroFails);
        }

        Call tolerating(Errno errno) {
            return new Call(what, syscall, args, result, errno, onFailure, retry, zeroFails);
        }

        Call ignoringErrors() {
            return new Call(what, syscall, args, result, tolerated, OnFailure.IGNORE, retry, zeroFails);
        }

        Call retrying() {
            return new Call(what, syscall, args, result, tolerated, onFailure, true, zeroFails);
        }

        Call failingOnZero() {
            return new Call(what, syscall, args, result, tolerated, onFailure, retry, true);
        }

        @Override
        public String describe() {
            return what
                    + ": "
                    + invocation()
                    + (result == null ? "" : " -> " + result.name())
                    + (tolerated == null ? "" : ", tolerating " + tolerated.name())
                    + (onFailure == OnFailure.IGNORE ? ", ignoring errors" : "");
        }

        private String invocation() {
            return args.stream().map(Arg::describe).collect(Collectors.joining(", ", syscall.call() + "(", ")"));
        }
    }

    /** Goes on at the label. */
    record Jump(String label) implements Step {
        @Override
        public String describe() {
            return "go to " + label;
        }
    }

    /** Goes on at the label if the condition holds. */
    record JumpIf(Arg left, Comparison comparison, Arg right, String label) implements Step {
        @Override
        public String describe() {
            return "if " + left.describe() + " " + comparison.symbol() + " " + right.describe() + " go to " + label;
        }
    }

    /** The conditions of {@link JumpIf}. */
    enum Comparison {
        EQUAL("=="),
        /** Signed. */
        LESS("<"),
        /** Unsigned. */
        BELOW("below"),
        /** Any bit in common. */
        ANY("has any of");

        private final String symbol;

        Comparison(String symbol) {
            this.symbol = symbol;
        }

        public String symbol() {
            return symbol;
        }
    }

    /** {@code cell = value}. */
    record Assign(Cell cell, Arg value) implements Step {
        @Override
        public String describe() {
            return cell.name() + " = " + value.describe();
        }
    }

    /** {@code cell += value}; a negative value subtracts. */
    record Add(Cell cell, Arg value) implements Step {
        @Override
        public String describe() {
            return cell.name() + " += " + value.describe();
        }
    }

    /** {@code cell = *address}. */
    record Load(Cell cell, Arg address, Width width) implements Step {
        @Override
        public String describe() {
            return cell.name() + " = " + width + " at " + address.describe();
        }
    }

    /** How much {@link Load} reads. */
    enum Width {
        UINT8(8),
        UINT16(16),
        INT32(32),
        INT64(64);

        private final int bits;

        Width(int bits) {
            this.bits = bits;
        }

        public int bits() {
            return bits;
        }
    }

    /** Forgets this plan and begins the one in the descriptor. */
    record Chain(Arg fd) implements Step {
        @Override
        public String describe() {
            return "continue with the plan in " + fd.describe();
        }
    }

    /** The process exits. */
    record End(Arg status) implements Step {
        @Override
        public String describe() {
            return "exit " + status.describe();
        }
    }
}
