// SPDX-License-Identifier: Apache-2.0
package io.berth.core.pty;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.pty.Termios.Word;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalModesTest {
    private static byte[] encoded(int... opcodesAndValues) {
        ByteBuffer bytes = ByteBuffer.allocate(opcodesAndValues.length / 2 * 5 + 1);
        for (int i = 0; i < opcodesAndValues.length; i += 2) {
            bytes.put((byte) opcodesAndValues[i]).putInt(opcodesAndValues[i + 1]);
        }
        return bytes.put((byte) 0).array();
    }

    private static Termios applied(Termios termios, int... opcodesAndValues) {
        TerminalModes.parse(encoded(opcodesAndValues)).apply(termios);
        return termios;
    }

    private static Termios zero() {
        return new Termios(new byte[Termios.SIZE]);
    }

    private static Termios ones() {
        byte[] ones = new byte[Termios.SIZE];
        Arrays.fill(ones, (byte) -1);
        return new Termios(ones);
    }

    @ParameterizedTest
    @CsvSource({
        "30, IFLAG, 0000004",
        "31, IFLAG, 0000010",
        "32, IFLAG, 0000020",
        "33, IFLAG, 0000040",
        "34, IFLAG, 0000100",
        "35, IFLAG, 0000200",
        "36, IFLAG, 0000400",
        "37, IFLAG, 0001000",
        "38, IFLAG, 0002000",
        "39, IFLAG, 0004000",
        "40, IFLAG, 0010000",
        "41, IFLAG, 0020000",
        "42, IFLAG, 0040000",
        "50, LFLAG, 0000001",
        "51, LFLAG, 0000002",
        "52, LFLAG, 0000004",
        "53, LFLAG, 0000010",
        "54, LFLAG, 0000020",
        "55, LFLAG, 0000040",
        "56, LFLAG, 0000100",
        "57, LFLAG, 0000200",
        "58, LFLAG, 0000400",
        "59, LFLAG, 0100000",
        "60, LFLAG, 0001000",
        "61, LFLAG, 0004000",
        "62, LFLAG, 0040000",
        "70, OFLAG, 0000001",
        "71, OFLAG, 0000002",
        "72, OFLAG, 0000004",
        "73, OFLAG, 0000010",
        "74, OFLAG, 0000020",
        "75, OFLAG, 0000040",
        "92, CFLAG, 0000400",
        "93, CFLAG, 0001000",
    })
    void aFlagIsSetAndClearedAndNoOther(int opcode, Word word, String octal) {
        int bit = Integer.parseInt(octal, 8);
        assertThat(applied(zero(), opcode, 1).flags(word)).isEqualTo(bit);
        assertThat(applied(ones(), opcode, 0).flags(word)).isEqualTo(~bit);
        for (Word other : Word.values()) {
            if (other != word) {
                assertThat(applied(zero(), opcode, 1).flags(other)).isZero();
                assertThat(applied(ones(), opcode, 0).flags(other)).isEqualTo(-1);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0", "2, 1", "3, 2", "4, 3", "5, 4", "6, 11", "7, 16", "8, 8", "9, 9", "10, 10", "12, 12", "13, 14",
        "14, 15", "16, 7", "18, 13",
    })
    void aControlCharacterIsSet(int opcode, int index) {
        assertThat(applied(zero(), opcode, 3).controlCharacter(index)).isEqualTo(3);
        assertThat(applied(ones(), opcode, 255).controlCharacter(index))
                .as("255 switches it off, which is 0 in Linux")
                .isZero();
    }

    @Test
    void theCharacterSizeIsTheOneThatIsMeant() {
        assertThat(applied(zero(), 90, 1, 91, 0).flags(Word.CFLAG)).isEqualTo(0x20);
        assertThat(applied(zero(), 90, 0, 91, 1).flags(Word.CFLAG)).isEqualTo(0x30);
        assertThat(applied(zero(), 90, 1, 91, 1).flags(Word.CFLAG)).isEqualTo(0x30);
    }

    @Test
    void speedsAreTranslated() {
        Termios termios = applied(zero(), 129, 38400, 128, 9600);
        assertThat(termios.outputSpeed()).isEqualTo(15);
        assertThat(termios.inputSpeed()).isEqualTo(13);
        assertThat(applied(zero(), 129, 115200).outputSpeed()).isEqualTo(0x1002);
    }

    @Test
    void aSpeedThatIsNoneOrHangsUpIsIgnored() {
        assertThat(applied(applied(zero(), 129, 9600), 129, 12345, 129, 0).outputSpeed())
                .isEqualTo(13);
    }

    @Test
    void whatLinuxLacksIsIgnored() {
        Termios termios = applied(zero(), 11, 1, 15, 1, 17, 1, 99, 1, 53, 1);
        assertThat(termios.flags(Word.LFLAG)).as("ECHO, behind them").isEqualTo(0x8);
        assertThat(termios.controlCharacter(0)).isZero();
    }

    @Test
    void parsingStopsWhereLengthsAreUnknown() {
        assertThat(applied(zero(), 53, 1, 160, 0, 50, 1).flags(Word.LFLAG)).isEqualTo(0x8);
        assertThat(applied(zero(), 53, 1, 0, 0, 50, 1).flags(Word.LFLAG)).isEqualTo(0x8);
    }

    @Test
    void whatIsCutOffIsIgnored() {
        byte[] whole = encoded(53, 1, 50, 1);
        for (int length = 5; length < 10; length++) {
            Termios termios = zero();
            TerminalModes.parse(Arrays.copyOf(whole, length)).apply(termios);
            assertThat(termios.flags(Word.LFLAG)).as("%d bytes", length).isEqualTo(0x8);
        }
        Termios untouched = zero();
        TerminalModes.parse(new byte[0]).apply(untouched);
        assertThat(untouched.flags(Word.LFLAG)).isZero();
    }

    @Test
    void everyOpcodeOfTheRfcsIsKnown() {
        assertThat(Arrays.stream(TerminalMode.values()).mapToInt(TerminalMode::opcode))
                .doesNotHaveDuplicates()
                .contains(1, 18, 30, 41, 42, 50, 62, 70, 75, 90, 93)
                .hasSize(18 + 13 + 13 + 6 + 4);
    }

    @Test
    void sizesThatTheKernelCannotHoldAreCut() {
        assertThat(new WindowSize(80, -1, 70000, 0)).isEqualTo(new WindowSize(80, 65535, 65535, 0));
    }
}
