// SPDX-License-Identifier: Apache-2.0
package io.berth.core.pty;

import io.berth.core.pty.Termios.Word;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Opcodes of RFC 4254, section 8, and of RFC 8160 (IUTF8), with what they are in Linux: include/uapi/asm-generic/termbits.h.
 * ISPEED, OSPEED and TTY_OP_END are {@link TerminalModes}'s affair.
 */
enum TerminalMode {
    VINTR(1, Target.CHARACTER, 0),
    VQUIT(2, Target.CHARACTER, 1),
    VERASE(3, Target.CHARACTER, 2),
    VKILL(4, Target.CHARACTER, 3),
    VEOF(5, Target.CHARACTER, 4),
    VEOL(6, Target.CHARACTER, 11),
    VEOL2(7, Target.CHARACTER, 16),
    VSTART(8, Target.CHARACTER, 8),
    VSTOP(9, Target.CHARACTER, 9),
    VSUSP(10, Target.CHARACTER, 10),
    VDSUSP(11, Target.NOTHING, 0),
    VREPRINT(12, Target.CHARACTER, 12),
    VWERASE(13, Target.CHARACTER, 14),
    VLNEXT(14, Target.CHARACTER, 15),
    VFLUSH(15, Target.NOTHING, 0),
    VSWTCH(16, Target.CHARACTER, 7),
    VSTATUS(17, Target.NOTHING, 0),
    VDISCARD(18, Target.CHARACTER, 13),

    IGNPAR(30, Target.IFLAG, 0x4),
    PARMRK(31, Target.IFLAG, 0x8),
    INPCK(32, Target.IFLAG, 0x10),
    ISTRIP(33, Target.IFLAG, 0x20),
    INLCR(34, Target.IFLAG, 0x40),
    IGNCR(35, Target.IFLAG, 0x80),
    ICRNL(36, Target.IFLAG, 0x100),
    IUCLC(37, Target.IFLAG, 0x200),
    IXON(38, Target.IFLAG, 0x400),
    IXANY(39, Target.IFLAG, 0x800),
    IXOFF(40, Target.IFLAG, 0x1000),
    IMAXBEL(41, Target.IFLAG, 0x2000),
    IUTF8(42, Target.IFLAG, 0x4000),

    ISIG(50, Target.LFLAG, 0x1),
    ICANON(51, Target.LFLAG, 0x2),
    XCASE(52, Target.LFLAG, 0x4),
    ECHO(53, Target.LFLAG, 0x8),
    ECHOE(54, Target.LFLAG, 0x10),
    ECHOK(55, Target.LFLAG, 0x20),
    ECHONL(56, Target.LFLAG, 0x40),
    NOFLSH(57, Target.LFLAG, 0x80),
    TOSTOP(58, Target.LFLAG, 0x100),
    IEXTEN(59, Target.LFLAG, 0x8000),
    ECHOCTL(60, Target.LFLAG, 0x200),
    ECHOKE(61, Target.LFLAG, 0x800),
    PENDIN(62, Target.LFLAG, 0x4000),

    OPOST(70, Target.OFLAG, 0x1),
    OLCUC(71, Target.OFLAG, 0x2),
    ONLCR(72, Target.OFLAG, 0x4),
    OCRNL(73, Target.OFLAG, 0x8),
    ONOCR(74, Target.OFLAG, 0x10),
    ONLRET(75, Target.OFLAG, 0x20),

    CS7(90, Target.SIZE, 0x20),
    CS8(91, Target.SIZE, 0x30),
    PARENB(92, Target.CFLAG, 0x100),
    PARODD(93, Target.CFLAG, 0x200);

    /** What a mode's value changes. */
    private enum Target {
        /** A control character; the place is its index. */
        CHARACTER,
        /** A flag; the place is its bit, here and below. */
        IFLAG,
        OFLAG,
        CFLAG,
        LFLAG,
        /** The character size; a client sends all, and those that aren't meant with 0. */
        SIZE,
        /** Linux has no such thing. */
        NOTHING
    }

    private static final int NO_CHARACTER = 255; // RFC 4254, 8; _POSIX_VDISABLE is 0 on Linux
    private static final int CSIZE = 0x30;
    private static final Map<Integer, TerminalMode> BY_OPCODE =
            Arrays.stream(values()).collect(Collectors.toMap(mode -> mode.opcode, Function.identity()));

    private final int opcode;
    private final Target target;
    private final int place;

    TerminalMode(int opcode, Target target, int place) {
        this.opcode = opcode;
        this.target = target;
        this.place = place;
    }

    static Optional<TerminalMode> of(int opcode) {
        return Optional.ofNullable(BY_OPCODE.get(opcode));
    }

    int opcode() {
        return opcode;
    }

    void apply(Termios termios, int value) {
        switch (target) {
            case CHARACTER -> termios.controlCharacter(place, value == NO_CHARACTER ? 0 : value);
            case IFLAG -> flag(termios, Word.IFLAG, value);
            case OFLAG -> flag(termios, Word.OFLAG, value);
            case CFLAG -> flag(termios, Word.CFLAG, value);
            case LFLAG -> flag(termios, Word.LFLAG, value);
            case SIZE -> termios.flags(Word.CFLAG, value == 0 ? 0 : CSIZE, place);
            case NOTHING -> {}
        }
    }

    private void flag(Termios termios, Word word, int value) {
        termios.flags(word, place, value == 0 ? 0 : place);
    }
}
