// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import static io.berth.core.linux.Syscall.call;

/** The begin of a file as memory: what is stored there is in the file for whoever comes after this process, however it ended. */
public final class MappedFile implements AutoCloseable {
    private static final int PROT_READ_WRITE = 3; // include/uapi/asm-generic/mman-common.h
    private static final int MAP_SHARED = 1; // include/uapi/linux/mman.h

    private final NativeBuffer bytes;
    private boolean closed;

    private MappedFile(NativeBuffer bytes) {
        this.bytes = bytes;
    }

    /** @param file open for reading and writing, at least {@code length} long; may be closed afterwards */
    public static MappedFile map(Fd file, int length) {
        long address = call(Sys.MMAP, 0, length, PROT_READ_WRITE, MAP_SHARED, file, 0);
        return new MappedFile(new NativeBuffer(address, length, file.toString()));
    }

    /** Valid until {@link #close}. */
    public NativeBuffer bytes() {
        return bytes;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            call(Sys.MUNMAP, bytes.address(), bytes.size());
        }
    }
}
