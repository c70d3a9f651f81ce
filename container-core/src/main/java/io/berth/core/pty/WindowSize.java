// SPDX-License-Identifier: Apache-2.0
package io.berth.core.pty;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.Ioctl;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A terminal's size in characters and in pixels: struct winsize, include/uapi/asm-generic/termios.h. 0 means unknown. */
public record WindowSize(int columns, int rows, int widthPixels, int heightPixels) {
    private static final int SIZE = 8;
    private static final int MAX = 0xffff;

    /** Sizes above 65535, which the kernel can't hold, are cut; a client may send any 32-bit number (RFC 4254, 6.2). */
    public WindowSize {
        columns = bounded(columns);
        rows = bounded(rows);
        widthPixels = bounded(widthPixels);
        heightPixels = bounded(heightPixels);
    }

    public static WindowSize of(int columns, int rows) {
        return new WindowSize(columns, rows, 0, 0);
    }

    private static int bounded(int value) {
        return value < 0 || value > MAX ? MAX : value;
    }

    /** Of the terminal that either side belongs to. */
    public static WindowSize get(Fd pty) {
        byte[] winsize = new byte[SIZE];
        FileCalls.ioctl(pty, Ioctl.TIOCGWINSZ, winsize);
        ByteBuffer fields = ByteBuffer.wrap(winsize).order(ByteOrder.nativeOrder());
        return new WindowSize(
                Short.toUnsignedInt(fields.getShort(2)),
                Short.toUnsignedInt(fields.getShort(0)),
                Short.toUnsignedInt(fields.getShort(4)),
                Short.toUnsignedInt(fields.getShort(6)));
    }

    /** Tells the terminal; its foreground process group gets SIGWINCH when the size has changed. */
    public void set(Fd pty) {
        ByteBuffer fields = ByteBuffer.allocate(SIZE).order(ByteOrder.nativeOrder());
        fields.putShort((short) rows).putShort((short) columns);
        fields.putShort((short) widthPixels).putShort((short) heightPixels);
        FileCalls.ioctl(pty, Ioctl.TIOCSWINSZ, fields.array());
    }
}
