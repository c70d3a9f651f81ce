// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.gateway.text.Printable;
import org.junit.jupiter.api.Test;

class PrintableTest {
    @Test
    void nothingForgesAnotherFieldOrLine() {
        assertThat(Printable.of("demo reason=ALLOW\nevent=x\u001b[2J\u202e"))
                .isEqualTo("demo?reason=ALLOW?event=x?[2J?");
        assertThat(Printable.of("x".repeat(1000))).hasSize(200);
    }

    @Test
    void lineStaysOneLine() {
        assertThat(Printable.line("container 'demo' is stopped;\nstart it\u001b[2J"))
                .isEqualTo("container 'demo' is stopped; start it [2J");
    }
}
