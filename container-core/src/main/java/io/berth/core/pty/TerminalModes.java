// SPDX-License-Identifier: Apache-2.0
package io.berth.core.pty;

import io.berth.core.linux.Fd;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The terminal modes that an SSH client sends with pty-req, encoded as in RFC 4254, section 8. */
public final class TerminalModes {
    private static final int TTY_OP_END = 0;
    private static final int TTY_OP_ISPEED = 128;
    private static final int TTY_OP_OSPEED = 129;
    /** From here on arguments have no known length: stop. */
    private static final int FIRST_UNDEFINED = 160;

    /** Bits per second to B*, include/uapi/asm-generic/termbits.h. Without B0, which hangs up. */
    private static final Map<Integer, Integer> SPEEDS = Map.ofEntries(
            Map.entry(50, 1),
            Map.entry(75, 2),
            Map.entry(110, 3),
            Map.entry(134, 4),
            Map.entry(150, 5),
            Map.entry(200, 6),
            Map.entry(300, 7),
            Map.entry(600, 8),
            Map.entry(1200, 9),
            Map.entry(1800, 10),
            Map.entry(2400, 11),
            Map.entry(4800, 12),
            Map.entry(9600, 13),
            Map.entry(19200, 14),
            Map.entry(38400, 15),
            Map.entry(57600, 0x1001),
            Map.entry(115200, 0x1002),
            Map.entry(230400, 0x1003),
            Map.entry(460800, 0x1004),
            Map.entry(500000, 0x1005),
            Map.entry(576000, 0x1006),
            Map.entry(921600, 0x1007),
            Map.entry(1000000, 0x1008),
            Map.entry(1152000, 0x1009),
            Map.entry(1500000, 0x100a),
            Map.entry(2000000, 0x100b),
            Map.entry(2500000, 0x100c),
            Map.entry(3000000, 0x100d),
            Map.entry(3500000, 0x100e),
            Map.entry(4000000, 0x100f));

    private record Setting(int opcode, int value) {}

    private final List<Setting> settings;

    private TerminalModes(List<Setting> settings) {
        this.settings = List.copyOf(settings);
    }

    /** What is cut off or follows an undefined opcode is ignored, as are modes that Linux lacks. */
    public static TerminalModes parse(byte[] encoded) {
        ByteBuffer bytes = ByteBuffer.wrap(encoded);
        List<Setting> settings = new ArrayList<>();
        while (bytes.hasRemaining()) {
            int opcode = Byte.toUnsignedInt(bytes.get());
            if (opcode == TTY_OP_END || opcode >= FIRST_UNDEFINED || bytes.remaining() < Integer.BYTES) {
                break;
            }
            settings.add(new Setting(opcode, bytes.getInt()));
        }
        return new TerminalModes(settings);
    }

    /** @param tty the slave */
    public void apply(Fd tty) {
        if (settings.isEmpty()) {
            return;
        }
        Termios termios = Termios.get(tty);
        apply(termios);
        termios.set(tty);
    }

    void apply(Termios termios) {
        for (Setting setting : settings) {
            switch (setting.opcode) {
                case TTY_OP_ISPEED ->
                    Optional.ofNullable(SPEEDS.get(setting.value)).ifPresent(termios::inputSpeed);
                case TTY_OP_OSPEED ->
                    Optional.ofNullable(SPEEDS.get(setting.value)).ifPresent(termios::outputSpeed);
                default -> TerminalMode.of(setting.opcode).ifPresent(mode -> mode.apply(termios, setting.value));
            }
        }
    }
}
