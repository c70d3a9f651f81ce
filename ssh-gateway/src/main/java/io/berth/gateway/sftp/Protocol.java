// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.sftp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Numbers and forms of SFTP version 3: draft-ietf-secsh-filexfer-02, and OpenSSH's PROTOCOL, section 4. */
final class Protocol {
    static final int OPEN = 3;
    static final int CLOSE = 4;
    static final int READ = 5;
    static final int WRITE = 6;
    static final int SETSTAT = 9;
    static final int FSETSTAT = 10;
    static final int REMOVE = 13;
    static final int MKDIR = 14;
    static final int RMDIR = 15;
    static final int RENAME = 18;
    static final int SYMLINK = 20;
    static final int STATUS = 101;
    static final int HANDLE = 102;
    static final int DATA = 103;
    static final int NAME = 104;
    static final int EXTENDED = 200;

    static final int FLAG_READ = 1;
    static final int FLAG_WRITE = 2;

    static final int OK = 0;
    static final int PERMISSION_DENIED = 3;

    private static final int ATTR_SIZE = 1;
    private static final int ATTR_UIDGID = 2;
    private static final int ATTR_PERMISSIONS = 4;
    private static final int ATTR_ACMODTIME = 8;
    private static final int MODE_BITS = 07777;

    private Protocol() {}

    /** One that was cut is no text. */
    static String string(ByteBuffer from) {
        int length = from.getInt();
        if (length < 0 || length > from.remaining()) {
            throw new IllegalArgumentException("a string of " + length + " bytes");
        }
        byte[] bytes = new byte[length];
        from.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Handles are bytes, and not text. */
    static String handle(ByteBuffer from) {
        int length = from.getInt();
        if (length < 0 || length > from.remaining()) {
            throw new IllegalArgumentException("a handle of " + length + " bytes");
        }
        byte[] bytes = new byte[length];
        from.get(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** What is wanted of a file's attributes, empty for nothing. */
    static String attributes(ByteBuffer from) {
        int flags = from.getInt();
        var text = new StringBuilder();
        if ((flags & ATTR_SIZE) != 0) {
            text.append(" size=").append(Long.toUnsignedString(from.getLong()));
        }
        if ((flags & ATTR_UIDGID) != 0) {
            text.append(" owner=")
                    .append(Integer.toUnsignedString(from.getInt()))
                    .append(':')
                    .append(Integer.toUnsignedString(from.getInt()));
        }
        if ((flags & ATTR_PERMISSIONS) != 0) {
            text.append(" mode=0").append(Integer.toOctalString(from.getInt() & MODE_BITS));
        }
        return (flags & ATTR_ACMODTIME) != 0 ? text.append(" times").toString() : text.toString();
    }

    static String quoted(String path) {
        return '"' + path.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
