// SPDX-License-Identifier: Apache-2.0
package io.berth.core.unpack;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The attribute security.capability as a tar archive has it: struct vfs_cap_data, include/uapi/linux/capability.h. Header values are text to
 * the reader, so bytes above 127 arrive broken and such a value is left out rather than guessed.
 */
final class FileCapability {
    private static final int REVISION_2 = 0x02000000;
    private static final int REVISION_3 = 0x03000000;
    private static final int REVISIONS = 0xff000000;
    private static final int BYTES_2 = 20;
    private static final int BYTES_3 = 24; // revision 2's and the id that is root where it counts

    private FileCapability() {}

    /** In revision 2's form: whose root it is says the tree that it lies in. */
    static Optional<byte[]> of(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        if (value.indexOf('\ufffd') >= 0 || bytes.length < BYTES_2) {
            return Optional.empty();
        }
        ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int magic = data.getInt(0);
        return switch (magic & REVISIONS) {
            case REVISION_2 -> bytes.length == BYTES_2 ? Optional.of(bytes) : Optional.empty();
            case REVISION_3 -> bytes.length == BYTES_3 ? Optional.of(revision2(bytes, magic)) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static byte[] revision2(byte[] revision3, int magic) {
        byte[] bytes = Arrays.copyOf(revision3, BYTES_2);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(0, (magic & ~REVISIONS) | REVISION_2);
        return bytes;
    }
}
