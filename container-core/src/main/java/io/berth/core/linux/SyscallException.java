// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/** A system call failed: {@code openat(AT_FDCWD, '/x', O_PATH): ENOENT (no such file or directory)}. */
public final class SyscallException extends RuntimeException {
    private final String call;
    private final Errno errno;

    /** @param call the call with its arguments */
    public SyscallException(String call, Errno errno) {
        super(call + ": " + errno);
        this.call = call;
        this.errno = errno;
    }

    /** @param reason what the kernel said in words of its own, or the cure */
    public SyscallException(String call, Errno errno, String reason) {
        super(call + ": " + errno + ": " + reason);
        this.call = call;
        this.errno = errno;
    }

    public String call() {
        return call;
    }

    public Errno errno() {
        return errno;
    }
}
