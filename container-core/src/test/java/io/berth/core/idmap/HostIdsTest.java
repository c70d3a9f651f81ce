// SPDX-License-Identifier: Apache-2.0
package io.berth.core.idmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostIdsTest {
    private static final IdPool POOL = new IdPool(131_072, 2);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path etc;

    private void write(String file, String text) throws Exception {
        Files.writeString(etc.resolve(file), text);
    }

    @Test
    void whatIsDelegatedNamesItsLineAndTheCure() throws Exception {
        write("subuid", "ann:100000:31072\n# note\nbob:x:1\n\nbob:131071:2\n");
        write("subgid", "eve:262143:1\neve:262144:65536\n");
        assertThat(new HostIds(POOL, etc).declared())
                .extracting(ForeignIds::toString)
                .containsExactly(
                        etc + "/subuid line 5 (bob) has ids 131071 to 131072: remove or move that line, or set "
                                + "BERTH_UID_BASE and BERTH_UID_RANGES to ids that are free",
                        etc + "/subgid line 1 (eve) has ids 262143 to 262143: remove or move that line, or set "
                                + "BERTH_UID_BASE and BERTH_UID_RANGES to ids that are free");
    }

    @Test
    void usersAndGroupsWithIdsOfThePoolAreFound() throws Exception {
        write("passwd", "root:x:0:0::/root:/bin/sh\nann\u00e9:x:131073:1000:Ann:/home/ann:/bin/sh\n+::::::\n");
        write("group", "staff:x:50:\ncrew:x:200000:ann\n");
        assertThat(new HostIds(POOL, etc).declared())
                .extracting(ForeignIds::first)
                .containsExactly(131_073L, 200_000L);
        assertThat(new HostIds(POOL, etc).declared().getLast().where())
                .isEqualTo(etc.resolve("group") + " line 2 (crew)");
    }

    @Test
    void fileThatChangesIsReadAgain() throws Exception {
        HostIds ids = new HostIds(POOL, etc);
        assertThat(ids.declared()).isEmpty();
        write("subuid", "ann:131072:1\n");
        assertThat(ids.declared()).extracting(ForeignIds::first).containsExactly(131_072L);
        assertThat(ids.declared()).extracting(ForeignIds::first).containsExactly(131_072L);
        write("subuid", "ann:1:1\n");
        assertThat(ids.declared()).isEmpty();
    }

    @Test
    void hostWithoutTheFilesHasNoConflicts() {
        assertThat(new HostIds(POOL, etc).declared()).isEmpty();
    }
}
