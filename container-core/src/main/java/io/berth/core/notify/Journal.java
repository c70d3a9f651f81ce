// SPDX-License-Identifier: Apache-2.0
package io.berth.core.notify;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.MappedFile;
import io.berth.core.linux.NativeBuffer;
import io.berth.core.linux.NotifyCalls;
import io.berth.core.linux.OpenFlag;
import io.berth.core.spec.ContainerId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The one notification of a listener that is being answered, in a file that the kernel itself writes it into: the buffer of the
 * receiving ioctl is mapped from there. So an agent that is killed at any point leaves it for the next one, which answers it by its
 * id; the kernel tells nobody a second time.
 */
final class Journal implements AutoCloseable {
    private final Path path;
    private final MappedFile file;

    private Journal(Path path, MappedFile file) {
        this.path = path;
        this.file = file;
    }

    /** A new one, or one that an earlier agent left. */
    static Journal open(Path path) {
        try (Fd fd = FileCalls.openat(Fd.AT_FDCWD, path.toString(), 0600, OpenFlag.O_RDWR, OpenFlag.O_CREAT)) {
            FileCalls.ftruncate(fd, NotifyCalls.NOTIF_BYTES); // a new one is zero, an old one as long already
            return new Journal(path, MappedFile.map(fd, NotifyCalls.NOTIF_BYTES));
        }
    }

    /** @param directory where nothing else is named so */
    static Journal create(Path directory, ContainerId container) {
        try {
            return open(Files.createTempFile(directory, container + ".", ""));
        } catch (IOException e) {
            throw new UncheckedIOException("making a journal in " + directory, e);
        }
    }

    /** Where the next notification goes; all zero when there is none. */
    NativeBuffer notif() {
        return file.bytes();
    }

    /** 0 when there is none. */
    long id() {
        return Notification.id(notif());
    }

    /** Takes over what another one holds. The id comes last: before that, it is still the other's. */
    void adopt(Journal other) {
        for (int offset = NotifyCalls.NOTIF_BYTES - Long.BYTES; offset >= 0; offset -= Long.BYTES) {
            notif().putLong(offset, other.notif().getLong(offset));
        }
    }

    /** Once it is answered. The id goes last: what a kill leaves half-cleared has an id that nobody waits for any more. */
    void clear() {
        NativeBuffer notif = notif();
        for (int offset = NotifyCalls.NOTIF_BYTES - Long.BYTES; offset >= 0; offset -= Long.BYTES) {
            notif.putLong(offset, 0);
        }
    }

    /** The file goes too, unless a call in it still waits. */
    @Override
    public void close() {
        boolean isEmpty = id() == 0;
        file.close();
        try {
            if (isEmpty) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("removing " + path, e);
        }
    }
}
