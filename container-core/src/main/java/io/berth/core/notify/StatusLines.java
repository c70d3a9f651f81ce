// SPDX-License-Identifier: Apache-2.0
package io.berth.core.notify;

import io.berth.core.linux.Errno;
import io.berth.core.linux.SyscallException;

/**
 * Lines of /proc/PID/status, read front to back, once through. The name line comes first and a tenant chooses it, but the kernel
 * escapes its newlines, so no other line can be forged.
 */
final class StatusLines {
    private final String text;
    private int position;

    StatusLines(String text) {
        this.text = text;
    }

    /** @param key a newline, the name and a colon, of a line further on than the last */
    String[] fields(String key) {
        int begin = text.indexOf(key, position);
        int end = begin < 0 ? -1 : text.indexOf('\n', begin + key.length());
        if (end < 0) {
            throw new SyscallException("no" + key + " in /proc/PID/status", Errno.EPERM);
        }
        position = end;
        // a tab after the colon and between fields, a blank between groups; one character splits without an expression
        return text.substring(begin + key.length(), end)
                .strip()
                .replace('\t', ' ')
                .split(" ", -1);
    }
}
