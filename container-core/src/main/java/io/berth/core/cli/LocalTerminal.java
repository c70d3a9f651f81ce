// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cli;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.Ioctl;
import io.berth.core.linux.SyscallException;
import io.berth.core.protocol.PtyRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** The terminal that this command was typed at. */
final class LocalTerminal {
    private static final int TERMIOS_BYTES =
            36; // struct termios: 4 flag words, c_line, c_cc[19]; asm-generic/termbits.h
    private static final int WINSIZE_BYTES = 8;
    private static final int C_CC = 17;
    private static final int VTIME = 5;
    private static final int VMIN = 6;

    // cfmakeraw(3), values of include/uapi/asm-generic/termbits.h
    private static final int RAW_IFLAG = ~(0x1 | 0x2 | 0x8 | 0x20 | 0x40 | 0x80 | 0x100 | 0x400);
    private static final int RAW_OFLAG = ~0x1;
    private static final int RAW_CFLAG = ~(0x30 | 0x100);
    private static final int CS8 = 0x30;
    private static final int RAW_LFLAG = ~(0x8 | 0x40 | 0x2 | 0x1 | 0x8000);

    /**
     * A window's size in characters and pixels.
     *
     * @param columns characters
     * @param rows characters
     * @param widthPixels may be 0
     * @param heightPixels may be 0
     */
    record Size(int columns, int rows, int widthPixels, int heightPixels) {}

    private final Fd terminal;
    private final byte[] before;

    private LocalTerminal(Fd terminal, byte[] before) {
        this.terminal = terminal;
        this.before = before;
    }

    /** Empty unless both stdin and stdout are terminals. */
    static Optional<LocalTerminal> find() {
        Fd stdin = Fd.adopt(0, "stdin");
        byte[] termios = new byte[TERMIOS_BYTES];
        try {
            FileCalls.ioctl(Fd.adopt(1, "stdout"), Ioctl.TCGETS, new byte[TERMIOS_BYTES]);
            FileCalls.ioctl(stdin, Ioctl.TCGETS, termios);
            return Optional.of(new LocalTerminal(stdin, termios));
        } catch (SyscallException e) {
            return Optional.empty();
        }
    }

    PtyRequest request() {
        Size size = size();
        String term = System.getenv().getOrDefault("TERM", "dumb");
        return new PtyRequest(
                term, size.columns(), size.rows(), size.widthPixels(), size.heightPixels(), new byte[] {0});
    }

    Size size() {
        byte[] winsize = new byte[WINSIZE_BYTES];
        FileCalls.ioctl(terminal, Ioctl.TIOCGWINSZ, winsize);
        ByteBuffer fields = ByteBuffer.wrap(winsize).order(ByteOrder.nativeOrder());
        int rows = Short.toUnsignedInt(fields.getShort());
        return new Size(
                Short.toUnsignedInt(fields.getShort()),
                rows,
                Short.toUnsignedInt(fields.getShort()),
                Short.toUnsignedInt(fields.getShort()));
    }

    /** Every key goes to the container, ^C among them. */
    void raw() {
        byte[] raw = before.clone();
        ByteBuffer flags = ByteBuffer.wrap(raw).order(ByteOrder.nativeOrder());
        flags.putInt(0, flags.getInt(0) & RAW_IFLAG);
        flags.putInt(4, flags.getInt(4) & RAW_OFLAG);
        flags.putInt(8, (flags.getInt(8) & RAW_CFLAG) | CS8);
        flags.putInt(12, flags.getInt(12) & RAW_LFLAG);
        raw[C_CC + VMIN] = 1;
        raw[C_CC + VTIME] = 0;
        FileCalls.ioctl(terminal, Ioctl.TCSETS, raw);
    }

    void restore() {
        FileCalls.ioctl(terminal, Ioctl.TCSETS, before.clone());
    }
}
