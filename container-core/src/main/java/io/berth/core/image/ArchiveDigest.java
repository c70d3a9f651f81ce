// SPDX-License-Identifier: Apache-2.0
package io.berth.core.image;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** The SHA-256 of archives, one after the other; their bytes are read and not looked at. */
final class ArchiveDigest {
    private static final int CHUNK_BYTES = 1 << 20;

    private ArchiveDigest() {}

    static String of(List<Fd> archives) {
        MessageDigest digest = sha256();
        for (Fd archive : archives) {
            long at = 0;
            for (byte[] part = FileCalls.pread(archive, at, CHUNK_BYTES);
                    part.length > 0;
                    part = FileCalls.pread(archive, at, CHUNK_BYTES)) {
                digest.update(part);
                at += part.length;
            }
        }
        return "sha256:" + HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
