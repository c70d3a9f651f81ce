// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import static io.berth.core.linux.FsconfigCommand.FSCONFIG_CMD_CREATE;
import static io.berth.core.linux.FsconfigCommand.FSCONFIG_SET_FD;
import static io.berth.core.linux.FsconfigCommand.FSCONFIG_SET_FLAG;
import static io.berth.core.linux.FsconfigCommand.FSCONFIG_SET_STRING;

/**
 * A filesystem on its way to a detached mount: fsopen, fsconfig and fsmount, since Linux 5.2. What the kernel says about a refused
 * option is in the exception; read from the context's fd as fsopen(2) describes.
 */
public final class FilesystemContext implements AutoCloseable {
    private static final int MESSAGE_BYTES = 512;

    private final Fd context;
    private final String type;

    private FilesystemContext(Fd context, String type) {
        this.context = context;
        this.type = type;
    }

    public static FilesystemContext fsopen(String type) {
        try (var memory = new NativeMemory()) {
            long fd = Syscall.call(Sys.FSOPEN, memory.string(type), FsFlag.FSOPEN_CLOEXEC);
            return new FilesystemContext(Fd.adopt(fd, type), type);
        }
    }

    /** A flag: an option without value. */
    public FilesystemContext set(String option) {
        try (var memory = new NativeMemory()) {
            return fsconfig(FSCONFIG_SET_FLAG, memory.string(option), 0, 0);
        }
    }

    public FilesystemContext set(String option, String value) {
        try (var memory = new NativeMemory()) {
            return fsconfig(FSCONFIG_SET_STRING, memory.string(option), memory.string(value), 0);
        }
    }

    /** overlay takes its layers so since Linux 6.13. */
    public FilesystemContext set(String option, Fd value) {
        try (var memory = new NativeMemory()) {
            return fsconfig(FSCONFIG_SET_FD, memory.string(option), 0, value);
        }
    }

    /** @return the detached mount, opened with O_PATH: *at calls work on it, fchown(2) and fchmod(2) say EBADF */
    public Fd fsmount(MountAttr... attributes) {
        fsconfig(FSCONFIG_CMD_CREATE, 0, 0, 0);
        try {
            return MountCalls.fsmount(context, Flags.of(attributes), type);
        } catch (SyscallException e) {
            throw explained(e);
        }
    }

    private FilesystemContext fsconfig(FsconfigCommand command, Object key, Object value, Object aux) {
        try {
            Syscall.call(Sys.FSCONFIG, context, command, key, value, aux);
            return this;
        } catch (SyscallException e) {
            throw explained(e);
        }
    }

    private SyscallException explained(SyscallException e) {
        try (var memory = new NativeMemory()) {
            NativeBuffer message = memory.allocate(MESSAGE_BYTES);
            long length = Syscall.attempt(Sys.READ, context, message, message.size());
            return length <= 0 ? e : new SyscallException(e.call(), e.errno(), message.getText((int) length));
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
