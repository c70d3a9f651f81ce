// SPDX-License-Identifier: Apache-2.0
package io.berth.core.plan;

import io.berth.core.linux.Errno;
import io.berth.core.plan.Arg.Cell;
import io.berth.core.plan.Step.OnFailure;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The binary form of a plan, as src/main/native/spawner.c declares it: head, data, steps. */
final class Encoder {
    static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN; // x86-64 and aarch64
    static final long BASE = 0x200000000L; // far above the spawner, far below where mmap and the stack begin
    static final int HEAD_SIZE = 64;
    static final int STEP_SIZE = 64;
    static final long DATA_ADDRESS = BASE + HEAD_SIZE;

    private static final long MAGIC = 0x314e4c5048545242L; // "BRTHPLN1"
    private static final int MAX_SIZE = 1 << 20; // a plan holds paths and structs; more is a mistake
    private static final int RETRY = 1;
    private static final int IGNORE = 2;
    private static final int ZERO_FAILS = 4;

    /** enum op. */
    private enum Op {
        END(1),
        CALL(2),
        JUMP(3),
        JUMP_EQUAL(4),
        JUMP_LESS(5),
        JUMP_BELOW(6),
        JUMP_ANY(7),
        SET(8),
        ADD(9),
        LOAD(10),
        CHAIN(11);

        private final int code;

        Op(int code) {
            this.code = code;
        }
    }

    private final Plan plan;
    private final ByteBuffer out;

    private Encoder(Plan plan, ByteBuffer out) {
        this.plan = plan;
        this.out = out;
    }

    static byte[] encode(Plan plan) {
        byte[] data = plan.data();
        int firstStep = HEAD_SIZE + Math.ceilDiv(data.length, STEP_SIZE) * STEP_SIZE;
        int size = firstStep + STEP_SIZE * plan.steps().size();
        if (size > MAX_SIZE) {
            throw new IllegalArgumentException(
                    "the plan '" + plan.name() + "' has " + size + " bytes; " + MAX_SIZE + " is the most");
        }
        ByteBuffer out = ByteBuffer.allocate(size).order(ORDER);
        out.putLong(MAGIC).putLong(size);
        out.putInt(firstStep).putInt(plan.steps().size()).putInt(Plan.REPORT.number());
        out.put(HEAD_SIZE, data).position(firstStep);
        var encoder = new Encoder(plan, out);
        plan.steps().forEach(encoder::encode);
        return out.array();
    }

    private void encode(Step step) {
        switch (step) {
            case Step.Call call -> encode(call);
            case Step.Jump jump -> put(Op.JUMP, target(jump.label()), List.of(), null);
            case Step.JumpIf jump -> put(op(jump), target(jump.label()), List.of(jump.left(), jump.right()), null);
            case Step.Assign assign -> put(Op.SET, 0, List.of(assign.value()), assign.cell());
            case Step.Add add -> put(Op.ADD, 0, List.of(add.value()), add.cell());
            case Step.Load load -> put(Op.LOAD, load.width().bits(), List.of(load.address()), load.cell());
            case Step.Chain chain -> put(Op.CHAIN, 0, List.of(chain.fd()), null);
            case Step.End end -> put(Op.END, 0, List.of(end.status()), null);
        }
    }

    private static Op op(Step.JumpIf jump) {
        return switch (jump.comparison()) {
            case EQUAL -> Op.JUMP_EQUAL;
            case LESS -> Op.JUMP_LESS;
            case BELOW -> Op.JUMP_BELOW;
            case ANY -> Op.JUMP_ANY;
        };
    }

    private void encode(Step.Call call) {
        int flags = (call.retry() ? RETRY : 0)
                | (call.onFailure() == OnFailure.IGNORE ? IGNORE : 0)
                | (call.zeroFails() ? ZERO_FAILS : 0);
        Errno tolerated = call.tolerated();
        put(
                Op.CALL,
                flags,
                call.syscall().number(),
                call.args(),
                call.result(),
                tolerated == null ? 0 : tolerated.number());
    }

    private void put(Op op, int number, List<Arg> args, @Nullable Cell result) {
        put(op, 0, number, args, result, 0);
    }

    /** struct step. */
    private void put(Op op, int flags, int number, List<Arg> args, @Nullable Cell result, int tolerated) {
        out.putShort((short) op.code).putShort((short) flags).putInt(number);
        int indirect = 0;
        for (int i = 0; i < 6; i++) {
            out.putLong(i < args.size() ? args.get(i).encoded() : 0);
            indirect |= i < args.size() && args.get(i) instanceof Cell ? 1 << i : 0;
        }
        out.putInt(result == null ? 0 : (int) (result.address() - BASE));
        out.putShort((short) indirect).putShort((short) tolerated);
    }

    private int target(String label) {
        Integer index = plan.labels().get(label);
        if (index == null) {
            throw new IllegalArgumentException("no label '" + label + "'"); // Plan's constructor has checked it
        }
        return index;
    }
}
