// SPDX-License-Identifier: Apache-2.0
package io.berth.core.lsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.linux.LsmAttribute;
import io.berth.core.linux.LsmId;
import io.berth.core.plan.Plan;
import io.berth.core.plan.PlanBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class LabelTest {
    private static final Label LABEL =
            new Label(LsmId.LSM_ID_APPARMOR, LsmAttribute.LSM_ATTR_CURRENT, "changeprofile x");

    @Test
    void encodingIsTheKernelsStruct() {
        ByteBuffer context = ByteBuffer.wrap(LABEL.encode()).order(ByteOrder.nativeOrder());
        assertThat(context.getLong()).isEqualTo(104);
        assertThat(context.getLong()).isZero();
        assertThat(context.getLong()).isEqualTo(LABEL.encode().length);
        assertThat(context.getLong()).isEqualTo("changeprofile x".length());
    }

    @Test
    void takingItIsOneReadableStep() {
        PlanBuilder plan = Plan.builder("p");
        LABEL.take(plan);
        assertThat(plan.end(0).build().describe())
                .contains(
                        "take the label: lsm_set_self_attr(LSM_ATTR_CURRENT, {LSM_ID_APPARMOR, 'changeprofile x'}, 47, 0)");
    }

    @Test
    void noLabelIsNoStep() {
        PlanBuilder plan = Plan.builder("p");
        Label.NONE.take(plan);
        assertThat(plan.end(0).build().describe()).doesNotContain("lsm_set_self_attr");
    }

    @Test
    void tooLongALabelIsRefused() {
        assertThatThrownBy(
                        () -> new Label(LsmId.LSM_ID_APPARMOR, LsmAttribute.LSM_ATTR_CURRENT, "x".repeat(500)).encode())
                .hasMessageContaining("a label of 532 bytes");
    }
}
