// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An open file descriptor, close-on-exec from birth. Messages show what it was opened as.
 *
 * <p>Close it only when no other thread uses it: the kernel hands the number out again at once. {@link FdInputStream} and {@link
 * FdOutputStream} may be closed at any time.
 */
public final class Fd implements AutoCloseable {
    /** Stands for the working directory in *at calls, include/uapi/linux/fcntl.h; closing it does nothing. */
    public static final Fd AT_FDCWD = new Fd(-100, "AT_FDCWD");

    private final int number;
    private final Object name;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Fd(int number, Object name) {
        this.number = number;
        this.name = name;
    }

    /**
     * Takes the ownership of a descriptor that is close-on-exec already.
     *
     * @param name its text is put together only when somebody reads it
     */
    public static Fd adopt(long number, Object name) {
        if (number < 0 || number > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("no file descriptor: " + number);
        }
        return new Fd((int) number, name);
    }

    /** @throws IllegalStateException after close */
    public int number() {
        if (closed.get()) {
            throw new IllegalStateException(name + " is closed");
        }
        return number;
    }

    public boolean isOpen() {
        return !closed.get();
    }

    /** A second descriptor of the same open file description. */
    public Fd dup() {
        return dupFrom(0);
    }

    /** @param lowest the least number that the new descriptor may have */
    public Fd dupFrom(int lowest) {
        return adopt(Syscall.call(Sys.FCNTL, this, FcntlCommand.F_DUPFD_CLOEXEC, lowest), name);
    }

    /** Gives up the ownership: the caller closes the returned number. */
    public int release() {
        int released = number();
        closed.set(true);
        return released;
    }

    /** Idempotent. Errors are not reported: whoever wants to know whether data arrived calls fsync(2) before. */
    @Override
    public void close() {
        if (number >= 0 && !closed.getAndSet(true)) {
            // never again after EINTR: Linux has freed the number by then, see close(2)
            Syscall.once(Sys.CLOSE, number);
        }
    }

    @Override
    public String toString() {
        return name.toString();
    }
}
