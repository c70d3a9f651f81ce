// SPDX-License-Identifier: Apache-2.0
package io.berth.core.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DebianMirrorsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path apt;

    @BeforeEach
    void makeParts() throws IOException {
        Files.createDirectory(apt.resolve("sources.list.d"));
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(apt.resolve(file), text);
    }

    @Test
    void bothFormsOfTheHostsSourcesAreRead() throws IOException {
        write(
                "sources.list",
                "# deb http://no.example/debian bookworm main\ndeb http://one.example/debian bookworm main contrib\n");
        write("sources.list.d/debian.sources", """
                Types: deb deb-src
                # a comment
                URIs: http://two.example/debian-security
                Suites: bookworm-security
                Components: main
                Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
                """);
        assertThat(DebianMirrors.configuredIn(apt).sources(DebianSuite.TRIXIE))
                .containsExactly(
                        "deb http://one.example/debian trixie main",
                        "deb http://one.example/debian trixie-updates main",
                        "deb http://two.example/debian-security trixie-security main");
    }

    @Test
    void sidHasNeitherUpdatesNorSecurity() throws IOException {
        write("sources.list", "deb http://one.example/debian bookworm main\n");
        assertThat(DebianMirrors.configuredIn(apt).sources(DebianSuite.SID))
                .containsExactly("deb http://one.example/debian sid main");
    }

    @Test
    void othersReposThatLookLikeDebiansAreNotTaken() throws IOException {
        write(
                "sources.list",
                "deb [arch=amd64 signed-by=/etc/vendor.gpg] https://vendor.example/debian bookworm main\n");
        write("sources.list.d/a.list", "deb https://vendor.example/apt bookworm main\n");
        write(
                "sources.list.d/b.sources",
                "Enabled: no\nTypes: deb\nURIs: http://off.example/debian\nSuites: trixie\nComponents: main\n");
        assertThat(DebianMirrors.configuredIn(apt).sources(DebianSuite.TRIXIE)).isEmpty();
    }

    @Test
    void whatDebiansKeysSignIsPreferred() throws IOException {
        write("sources.list", "deb http://first.example/debian bookworm main\n");
        write(
                "sources.list.d/x.list",
                "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://signed.example/debian bookworm main\n");
        assertThat(DebianMirrors.configuredIn(apt).archive()).contains("http://signed.example/debian");
    }

    @Test
    void aMirrorListIsReplacedByItsFirstMirror() throws IOException {
        Path list = apt.resolve("mirrors.list");
        Files.writeString(list, "# ours\nhttps://one.example/debian\tpriority:1\nhttps://two.example/debian\n");
        write(
                "sources.list",
                "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] mirror+file:" + list
                        + " trixie main\n");
        assertThat(DebianMirrors.configuredIn(apt).archive()).contains("https://one.example/debian");
    }

    @Test
    void aHostWithoutSourcesLeavesTheChoiceToMmdebstrap() {
        assertThat(DebianMirrors.configuredIn(apt).sources(DebianSuite.BOOKWORM))
                .isEmpty();
    }
}
