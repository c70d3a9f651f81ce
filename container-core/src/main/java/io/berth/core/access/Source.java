// SPDX-License-Identifier: Apache-2.0
package io.berth.core.access;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.berth.core.spec.InvalidSpecException;
import java.net.InetAddress;
import java.util.regex.Pattern;

/**
 * One entry of OpenSSH's {@code from}: an address, a network such as {@code 192.0.2.0/24}, or an IPv4 address with {@code *} and
 * {@code ?}; with {@code !} before it, whoever matches is refused. Host names are not taken: whoever answers for a name in DNS
 * would decide who gets in.
 */
public record Source(String text) {
    private static final Pattern IPV4_WITH_WILDCARDS = Pattern.compile("(?=.*[*?])[0-9.*?]{1,15}");
    // Four parts: InetAddress would also take 127.1 and 2130706433
    private static final Pattern LITERAL =
            Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    private static final Pattern NETWORK = Pattern.compile("([^/]*)/([0-9]{1,3})");

    /** @throws InvalidSpecException when the text is no such entry */
    @JsonCreator
    public Source {
        String entry = entry(text);
        if (!IPV4_WITH_WILDCARDS.matcher(entry).matches()) {
            Network.parse(entry);
        }
    }

    private static String entry(String text) {
        return text.startsWith("!") ? text.substring(1) : text;
    }

    /** Whether it says who is refused. */
    boolean isRefusal() {
        return text.startsWith("!");
    }

    boolean contains(InetAddress address) {
        String entry = entry(text);
        if (IPV4_WITH_WILDCARDS.matcher(entry).matches()) {
            return Wildcards.match(entry, address.getHostAddress());
        }
        return Network.parse(entry).contains(address.getAddress());
    }

    @JsonValue
    @Override
    public String toString() {
        return text;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Network(byte[] address, int prefix) {
        static Network parse(String entry) {
            var parts = NETWORK.matcher(entry);
            byte[] address = literal(parts.matches() ? parts.group(1) : entry);
            int bits = address.length * Byte.SIZE;
            int prefix = parts.matches() ? Integer.parseInt(parts.group(2)) : bits;
            if (prefix > bits) {
                throw wrong(entry, "a prefix of 0 to " + bits + " bits");
            }
            for (int bit = prefix; bit < bits; bit++) {
                if (bit(address, bit)) {
                    throw wrong(entry, "a network whose bits behind the prefix are 0, or the address without '/'");
                }
            }
            return new Network(address, prefix);
        }

        private static byte[] literal(String text) {
            if (LITERAL.matcher(text).matches()) {
                try {
                    byte[] address = InetAddress.ofLiteral(text).getAddress();
                    // ::ffff:192.0.2.1 becomes an IPv4 address, and a prefix behind it would mean something else
                    if (address.length == 4 == !text.contains(":")) {
                        return address;
                    }
                } catch (IllegalArgumentException e) {
                    throw wrong(text, "an IPv4 or IPv6 address");
                }
            }
            throw wrong(
                    text, "an address, a network such as 192.0.2.0/24 or 2001:db8::/32, or 192.0.2.*; no host name");
        }

        private static boolean bit(byte[] bytes, int bit) {
            return (bytes[bit / Byte.SIZE] >> (Byte.SIZE - 1 - bit % Byte.SIZE) & 1) != 0;
        }

        boolean contains(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            for (int bit = 0; bit < prefix; bit++) {
                if (bit(address, bit) != bit(other, bit)) {
                    return false;
                }
            }
            return true;
        }

        private static InvalidSpecException wrong(String text, String cure) {
            String shown = text.length() > 60 ? text.substring(0, 60) + "…" : text;
            return new InvalidSpecException("from", "'" + shown + "' is no source; give " + cure);
        }
    }
}
