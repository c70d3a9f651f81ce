// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ElfFileTest {
    private static ElfFile of(String path) throws IOException {
        return ElfFile.parse(Files.readAllBytes(Path.of(path))).orElseThrow();
    }

    @Test
    void programNamesItsLinkerAndLibraries() throws IOException {
        ElfFile shell = of("/bin/bash");
        assertThat(shell.interpreter().orElseThrow()).startsWith("/lib").contains("ld-linux");
        assertThat(shell.needed()).contains("libc.so.6").allMatch(name -> name.contains(".so"));
    }

    @Test
    void jvmNamesWhereItsLibrariesLie() throws IOException {
        ElfFile java = of(Path.of(System.getProperty("java.home"), "bin/java").toString());
        assertThat(java.searched()).isNotEmpty().allMatch(directory -> directory.startsWith("$ORIGIN"));
    }

    @Test
    void staticProgramNeedsNothing() throws IOException {
        ElfFile busybox = of("/bin/busybox");
        assertThat(busybox.interpreter()).isEmpty();
        assertThat(busybox.needed()).isEmpty();
    }

    @Test
    void whatIsNoElfFileIsNone() {
        assertThat(ElfFile.parse(new byte[0])).isEmpty();
        assertThat(ElfFile.parse("#!/bin/sh\n".getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
    }

    /** A tenant may have written it. */
    @Test
    void brokenFilesHarmNobody() throws IOException {
        byte[] shell = Files.readAllBytes(Path.of("/bin/bash"));
        Random random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            byte[] broken = Arrays.copyOf(shell, i % 2 == 0 ? shell.length : 1 + random.nextInt(4096));
            for (int j = 0; j < 8; j++) {
                broken[random.nextInt(Math.min(broken.length, 1024))] = (byte) random.nextInt(256);
            }
            ElfFile.parse(broken).ifPresent(elf -> assertThat(elf.needed()).hasSizeLessThan(1000));
        }
    }
}
