// SPDX-License-Identifier: Apache-2.0
package io.berth.core.notify;

import org.jspecify.annotations.Nullable;

/**
 * The thread of a listener that asked last, for its next call: who makes one node mostly makes several, and to open its files in
 * /proc costs a tenth of an emulation. For one thread at a time.
 */
final class LastTask implements AutoCloseable {
    private @Nullable TaskFiles files;

    /**
     * The files of the thread that has this number now. Whether it is the caller says one look at the call, afterwards.
     *
     * @throws io.berth.core.linux.SyscallException when there is none
     */
    TaskFiles turnTo(int tid) {
        TaskFiles last = files;
        if (last != null && last.tid() == tid && last.isAlive()) {
            return last;
        }
        close();
        TaskFiles opened = TaskFiles.open(tid);
        files = opened;
        return opened;
    }

    /** It can be used again. */
    @Override
    public void close() {
        if (files != null) {
            files.close();
            files = null;
        }
    }
}
