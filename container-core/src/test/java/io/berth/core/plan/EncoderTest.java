// SPDX-License-Identifier: Apache-2.0
package io.berth.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Sys;
import io.berth.core.plan.Arg.Cell;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EncoderTest {
    @Test
    void headDataAndStepsFollowEachOther() {
        ByteBuffer code =
                encode(Plan.builder("p").call("enter", Sys.CHDIR, "/a").end(7));
        assertThat(ascii(code, 0, 8)).isEqualTo("BRTHPLN1");
        assertThat(code.getLong(8)).isEqualTo(code.capacity()).isEqualTo(64 + 64 + 2 * 64);
        assertThat(code.getInt(16)).isEqualTo(128);
        assertThat(code.getInt(20)).isEqualTo(2);
        assertThat(code.getInt(24)).isEqualTo(Plan.REPORT.number());
        assertThat(ascii(code, 64, 3)).isEqualTo("/a\0");
        assertThat(code.getLong(128 + 8)).isEqualTo(Encoder.BASE + 64);
        assertThat(code.getShort(192)).isEqualTo((short) 1);
        assertThat(code.getLong(192 + 8)).isEqualTo(7);
    }

    @Test
    void aStepHasNumberArgumentsFlagsAndResult() {
        PlanBuilder plan = Plan.builder("p");
        Cell cell = plan.cell("cell");
        ByteBuffer code = encode(plan.call("all", Sys.READ, 3, cell, -1)
                .into(cell)
                .retry()
                .ignoreErrors()
                .failOnZero()
                .tolerate(Errno.EEXIST)
                .end(0));
        int step = code.getInt(16);
        assertThat(code.getShort(step)).isEqualTo((short) 2);
        assertThat(code.getShort(step + 2)).isEqualTo((short) 7);
        assertThat(code.getInt(step + 4)).isEqualTo(Sys.READ.number());
        assertThat(code.getLong(step + 8)).isEqualTo(3);
        assertThat(code.getLong(step + 16)).isEqualTo(cell.address());
        assertThat(code.getLong(step + 24)).isEqualTo(-1);
        assertThat(code.getInt(step + 56)).isEqualTo((int) (cell.address() - Encoder.BASE));
        assertThat(code.getShort(step + 60)).isEqualTo((short) 0b10);
        assertThat(code.getShort(step + 62)).isEqualTo((short) Errno.EEXIST.number());
    }

    @Test
    void jumpsGoToTheLabelsIndex() {
        ByteBuffer code =
                encode(Plan.builder("p").jump("end").end(1).label("end").end(0));
        assertThat(code.getInt(code.getInt(16) + 4)).isEqualTo(2);
    }

    @Test
    void equalStringsAreStoredOnce() {
        PlanBuilder plan = Plan.builder("p");
        assertThat(plan.string("/dev")).isEqualTo(plan.string("/dev")).isNotEqualTo(plan.string("/"));
    }

    @Test
    void growsWithItsDataUpToAMegabyte() {
        PlanBuilder large = Plan.builder("large").end(0);
        large.space("room", 900_000);
        assertThat(large.build().encode()).hasSizeGreaterThan(900_000);
        large.space("more", 200_000);
        Plan tooLarge = large.build();
        assertThatThrownBy(tooLarge::encode)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1048576 is the most");
    }

    private static ByteBuffer encode(PlanBuilder plan) {
        return ByteBuffer.wrap(plan.build().encode()).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String ascii(ByteBuffer code, int from, int length) {
        byte[] bytes = new byte[length];
        code.get(from, bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
