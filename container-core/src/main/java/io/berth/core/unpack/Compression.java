// SPDX-License-Identifier: Apache-2.0
package io.berth.core.unpack;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** How an archive is compressed, by its first bytes. The distribution's own programs undo it, in the worker's confinement. */
enum Compression {
    NONE("", ""),
    GZIP("1f8b", "gzip -dc"),
    // the memory that their largest usual settings want, and no more
    XZ("fd377a585a00", "xz -dc --memlimit=128MiB"),
    ZSTD("28b52ffd", "zstd -dcq --memory=128MB"),
    BZIP2("425a68", "bzip2 -dc");

    private static final int MOST_MAGIC = 6;

    private final String magic;
    private final String program;

    Compression(String magic, String program) {
        this.magic = magic;
        this.program = program;
    }

    /** The bytes as they were, by at most that many; closing it closes what it reads from. */
    static InputStream undo(InputStream compressed, Budget budget) throws IOException {
        InputStream buffered = new BufferedInputStream(compressed, 1 << 16);
        Compression found = of(buffered);
        InputStream plain =
                found == NONE ? buffered : new Decompressed(List.of(found.program.split(" ", -1)), buffered);
        return new Bounded(plain, budget.mostStreamBytes(), budget::tooLarge);
    }

    private static Compression of(InputStream buffered) throws IOException {
        buffered.mark(MOST_MAGIC);
        byte[] begin = buffered.readNBytes(MOST_MAGIC);
        buffered.reset();
        for (Compression one : values()) {
            if (one != NONE && startsWith(begin, HexFormat.of().parseHex(one.magic))) {
                return one;
            }
        }
        return NONE;
    }

    static boolean startsWith(byte[] bytes, byte[] magic) {
        return bytes.length >= magic.length && Arrays.equals(bytes, 0, magic.length, magic, 0, magic.length);
    }
}
