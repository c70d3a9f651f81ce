// SPDX-License-Identifier: Apache-2.0
package io.berth.core.pty;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.Ioctl;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The kernel's struct termios, include/uapi/asm-generic/termbits.h; the same on x86-64 and aarch64. See termios(3). */
final class Termios {
    static final int SIZE = 36;
    private static final int CONTROL_CHARACTERS = 17; // offset of c_cc
    private static final int BAUD = 0x100f; // CBAUD
    private static final int INPUT_SHIFT = 16; // IBSHIFT

    /** The four flag words, in their order in the struct. */
    enum Word {
        IFLAG(0),
        OFLAG(4),
        CFLAG(8),
        LFLAG(12);

        private final int offset;

        Word(int offset) {
            this.offset = offset;
        }
    }

    private final ByteBuffer fields;

    Termios(byte[] termios) {
        fields = ByteBuffer.wrap(termios.clone()).order(ByteOrder.nativeOrder());
    }

    static Termios get(Fd tty) {
        byte[] termios = new byte[SIZE];
        FileCalls.ioctl(tty, Ioctl.TCGETS, termios);
        return new Termios(termios);
    }

    /** At once, without waiting for output. */
    void set(Fd tty) {
        FileCalls.ioctl(tty, Ioctl.TCSETS, fields.array().clone());
    }

    int flags(Word word) {
        return fields.getInt(word.offset);
    }

    /** Makes the bits under the mask these. */
    void flags(Word word, int mask, int bits) {
        fields.putInt(word.offset, (flags(word) & ~mask) | (bits & mask));
    }

    int controlCharacter(int index) {
        return Byte.toUnsignedInt(fields.get(CONTROL_CHARACTERS + index));
    }

    void controlCharacter(int index, int character) {
        fields.put(CONTROL_CHARACTERS + index, (byte) character);
    }

    /** @param code B50 to B4000000 */
    void outputSpeed(int code) {
        flags(Word.CFLAG, BAUD, code);
    }

    int outputSpeed() {
        return flags(Word.CFLAG) & BAUD;
    }

    void inputSpeed(int code) {
        flags(Word.CFLAG, BAUD << INPUT_SHIFT, code << INPUT_SHIFT);
    }

    int inputSpeed() {
        return (flags(Word.CFLAG) >> INPUT_SHIFT) & BAUD;
    }
}
