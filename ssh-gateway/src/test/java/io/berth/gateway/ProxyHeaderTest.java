// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** doc/proxy-protocol.txt of HAProxy, byte by byte. */
class ProxyHeaderTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final String IPV4 = "c0000207" + "c0000263" + "1267" + "0016";

    private static ProxyHeader read(byte[] bytes) {
        return ProxyHeader.read(bytes, 0, bytes.length);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    @Test
    void lineSaysWhoComesAndWhereTo() {
        String line = "PROXY TCP4 192.0.2.7 192.0.2.99 4711 22\r\n";
        assertThat(read(ascii(line + "SSH-2.0-x\r\n")))
                .isEqualTo(new ProxyHeader.Relayed(at("192.0.2.7", 4711), at("192.0.2.99", 22), line.length()));
        line = "PROXY TCP6 2001:db8::7 ::1 65535 0\r\n";
        assertThat(read(ascii(line)))
                .isEqualTo(new ProxyHeader.Relayed(at("2001:db8::7", 65_535), at("::1", 0), line.length()));
        line = "PROXY UNKNOWN ffff::1 whatever\r\n";
        assertThat(read(ascii(line))).isEqualTo(new ProxyHeader.Own(line.length()));
    }

    @Test
    void binaryHeaderSaysTheSame() {
        assertThat(read(hex(SIGNATURE + "2111" + "000c" + IPV4)))
                .isEqualTo(new ProxyHeader.Relayed(at("192.0.2.7", 4711), at("192.0.2.99", 22), 28));
        assertThat(read(hex(SIGNATURE + "2000" + "0000"))).isEqualTo(new ProxyHeader.Own(16));
        assertThat(read(hex(SIGNATURE + "2100" + "0001" + "00"))).isEqualTo(new ProxyHeader.Own(17));
        assertThat(read(hex(SIGNATURE + "2111" + "0011" + IPV4 + "04" + "0002" + "0000")))
                .isInstanceOf(ProxyHeader.Relayed.class);
    }

    @Test
    void ipv4WrittenAsIpv6IsIpv4() {
        String mapped = "00000000000000000000ffffc0000207";
        assertThat(read(hex(SIGNATURE + "2121" + "0024" + mapped + mapped + "1267" + "0016")))
                .isEqualTo(new ProxyHeader.Relayed(at("192.0.2.7", 4711), at("192.0.2.7", 22), 52));
    }

    @Test
    void checksumThatIsThereMustBeRight() {
        byte[] header = hex(SIGNATURE + "2111" + "0013" + IPV4 + "03" + "0004" + "00000000");
        var sum = new CRC32C();
        sum.update(header);
        assertThat(read(header)).isInstanceOf(ProxyHeader.Invalid.class);
        ByteBuffer.wrap(header).putInt(header.length - 4, (int) sum.getValue());
        assertThat(read(header)).isInstanceOf(ProxyHeader.Relayed.class);
    }

    @Test
    void everyBeginningOfAHeaderIsIncomplete() {
        for (byte[] whole :
                new byte[][] {ascii("PROXY TCP4 192.0.2.7 192.0.2.99 4711 22\r\n"), hex(SIGNATURE + "2111000c" + IPV4)
                }) {
            for (int length = 0; length < whole.length; length++) {
                assertThat(read(Arrays.copyOf(whole, length)))
                        .as("%d bytes", length)
                        .isEqualTo(new ProxyHeader.Incomplete());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.2\r\n",
                "PROXX",
                "PROXY TCP4 192.0.2.7 192.0.2.99 4711\r\n",
                "PROXY TCP4 192.0.2.7 192.0.2.99 4711 22\n",
                "PROXY TCP4 2001:db8::7 ::1 4711 22\r\n",
                "PROXY TCP6 192.0.2.7 192.0.2.99 4711 22\r\n",
                "PROXY TCP4 192.0.2.7 localhost 4711 22\r\n",
                "PROXY TCP4 192.0.2.700 192.0.2.99 4711 22\r\n",
                "PROXY TCP4 192.0.2.7 192.0.2.99 65536 22\r\n",
                "PROXY UDP4 192.0.2.7 192.0.2.99 4711 22\r\n",
                "PROXY  TCP4 192.0.2.7 192.0.2.99 4711 22\r\n",
                "PROXY UNKNOWNabc\r\n"
            })
    void whatIsNoLineIsRefused(String line) {
        assertThat(read(ascii(line))).isInstanceOf(ProxyHeader.Invalid.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1111000c" + IPV4, // version 1
                "2211000c" + IPV4, // another command
                "2112000c" + IPV4, // UDP
                "21310000", // a Unix socket
                "2111000b" + "c0000207c00002631267ff", // a byte short
                "2111000e" + IPV4 + "0400", // a TLV without its length
                "2111000f" + IPV4 + "040001", // a TLV without its value
                "2111ffff" // longer than anybody's
            })
    void whatIsNoBinaryHeaderIsRefused(String rest) {
        assertThat(read(hex(SIGNATURE + rest))).isInstanceOf(ProxyHeader.Invalid.class);
    }

    @Test
    void lineWithoutAnEndIsNotWaitedFor() {
        assertThat(read(ascii("PROXY UNKNOWN " + "x".repeat(ProxyHeader.MOST_V1))))
                .isInstanceOf(ProxyHeader.Invalid.class);
    }

    @Test
    void noiseIsReadWithinItsBoundsAndThrowsNothing() {
        var random = new Random(4711);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = round % 2 == 0
                    ? hex(SIGNATURE + "2111002c" + IPV4 + "03000400000000" + "05000301ff00".repeat(4) + "00".repeat(64))
                    : ascii("PROXY TCP6 2001:db8::7 ::1 4711 22\r\nSSH-2.0-x\r\n");
            for (int change = random.nextInt(4); change >= 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            if (read(bytes) instanceof ProxyHeader.Relayed relayed) {
                assertThat(relayed.length()).isBetween(16, bytes.length);
            }
        }
    }
}
