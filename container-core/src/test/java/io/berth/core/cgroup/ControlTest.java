// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ControlTest {
    @ParameterizedTest
    @CsvSource({
        "128, 128, true",
        "129, 128, false",
        "max, 128, false",
        "50000 100000, 50000 100000, true",
        "60000 100000, 50000 100000, false",
        "268435456, 268435456, true",
        "268435456, 268439551, true", // whole pages
        "268439552, 268435456, false", // more than was asked for
        "268304384, 268435456, false", // less by more than a page
        "max, 268435456, false",
        "9223372036854771712, 268435456, false",
    })
    void whatTheFileSaysIsTheLimitThatWasWritten(String found, String expected, boolean same) {
        assertThat(Control.isSame(found, expected)).isEqualTo(same);
    }
}
