// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BlockIoTest {
    @Test
    void devicesAreAddedUp() {
        assertThat(BlockIo.parse("""
                        8:16 rbytes=1459200 wbytes=314773504 rios=192 wios=353 dbytes=0 dios=0
                        8:0 rbytes=90430464 wbytes=299008000 rios=8950 wios=1252 dbytes=50331648 dios=3021
                        """)).isEqualTo(new BlockIo(91_889_664, 613_781_504));
    }

    @Test
    void aContainerThatTouchedNoDeviceHasReadNothing() {
        assertThat(BlockIo.parse("")).isEqualTo(new BlockIo(0, 0));
    }
}
