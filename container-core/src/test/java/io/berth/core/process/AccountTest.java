// SPDX-License-Identifier: Apache-2.0
package io.berth.core.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AccountTest {
    private static final String PASSWD = """
            root:x:0:0:root:/root:/bin/bash
            ann:x:1000:1000:Ann,,,:/home/ann:/bin/zsh
            bare:x:1001:1001::home:
            huge:x:70000:1:x:/:/bin/sh
            short:x:5:5
            evil:x:-1:0:x:/:/bin/sh
            """;

    private static final String GROUP = """
            root:x:0:
            sudo:x:27:ann,bob
            ann:x:1000:
            docker:x:999:annabel
            users:x:100:bob,ann
            broken:x:y:ann
            """;

    @Test
    void userHasItsShellHomeAndGroups() {
        Account ann = Account.find("ann", PASSWD, GROUP).orElseThrow();
        assertThat(ann).isEqualTo(new Account("ann", 1000, 1000, List.of(1000, 27, 100), "/home/ann", "/bin/zsh"));
    }

    @Test
    void emptyShellAndRelativeHomeFallBack() {
        Account bare = Account.find("bare", PASSWD, GROUP).orElseThrow();
        assertThat(bare.shell()).isEqualTo("/bin/sh");
        assertThat(bare.home()).isEqualTo("/");
    }

    @Test
    void whatIsNoUserOfTheContainerIsNotFound() {
        for (String name : new String[] {"nobody", "huge", "short", "evil", "", "ann:x"}) {
            assertThat(Account.find(name, PASSWD, GROUP)).as(name).isEmpty();
        }
    }

    @Test
    void aFloodOfGroupsIsBounded() {
        StringBuilder groups = new StringBuilder();
        for (int i = 1; i < 5000; i++) {
            groups.append("g").append(i).append(":x:").append(i).append(":ann\n");
        }
        assertThat(Account.find("ann", PASSWD, groups.toString()).orElseThrow().groups())
                .hasSize(1024);
    }
}
