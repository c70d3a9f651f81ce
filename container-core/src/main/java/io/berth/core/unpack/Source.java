// SPDX-License-Identifier: Apache-2.0
package io.berth.core.unpack;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file that was handed to the worker open: it could open it by no name. May be read more than once. */
record Source(Fd file) {
    private static final byte[] SQUASHFS = "hsqs".getBytes(StandardCharsets.US_ASCII); // fs/squashfs/squashfs_fs.h
    private static final int CHUNK_BYTES = 1 << 18;

    boolean isSquashfs() {
        return Compression.startsWith(FileCalls.pread(file, 0, SQUASHFS.length), SQUASHFS);
    }

    /** As it is, from its beginning. */
    InputStream raw() {
        return new InputStream() {
            private long at;

            @Override
            public int read() {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                byte[] bytes = FileCalls.pread(file, at, Math.min(length, CHUNK_BYTES));
                System.arraycopy(bytes, 0, into, offset, bytes.length);
                at += bytes.length;
                return bytes.length == 0 && length > 0 ? -1 : bytes.length;
            }

            @Override
            public long skip(long wanted) {
                long skipped = Math.clamp(FileCalls.fstat(file).size() - at, 0, Math.max(0, wanted));
                at += skipped;
                return skipped;
            }
        };
    }

    /** Uncompressed. */
    InputStream plain(Budget budget) throws IOException {
        return Compression.undo(raw(), budget);
    }

    /** A copy of the worker's own, for what wants a name or any part at any time. */
    static void copy(InputStream content, Path to) throws IOException {
        try (content;
                OutputStream out = Files.newOutputStream(to, StandardOpenOption.CREATE_NEW)) {
            content.transferTo(out);
        }
    }
}
