// SPDX-License-Identifier: Apache-2.0
package io.berth.core.access;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.berth.core.spec.InvalidSpecException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One entry of OpenSSH's {@code permitopen} or {@code permitlisten}: {@code host:port}, with an IPv6 address in brackets.
 *
 * @param host lower case; {@code *} and {@code ?} as wildcards, which permitopen takes as a lone {@code *} only
 * @param port 0 for any
 */
public record Endpoint(String host, int port) {
    private static final int MOST_PORT = 65_535;
    private static final Pattern FORM = Pattern.compile("(?:\\[([^\\]]*)\\]|([^\\[\\]:]*)):([^:\\]]*)");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._*?-]{1,253}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

    public Endpoint {
        host = host.toLowerCase(Locale.ROOT);
    }

    /** @throws InvalidSpecException when the text is no such entry; its field is {@code endpoint} */
    @JsonCreator
    public static Endpoint parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw wrong(text);
        }
        String host = parts.group(1) == null ? parts.group(2) : parts.group(1);
        if (!HOST.matcher(host).matches()) {
            throw wrong(text);
        }
        return new Endpoint(host, port(parts.group(3), text));
    }

    private static int port(String port, String text) {
        if (port.equals("*")) {
            return 0;
        }
        int number = PORT.matcher(port).matches() ? Integer.parseInt(port) : 0;
        if (number == 0 || number > MOST_PORT) {
            throw wrong(text);
        }
        return number;
    }

    private static InvalidSpecException wrong(String text) {
        String shown = text.length() > 60 ? text.substring(0, 60) + "…" : text;
        return new InvalidSpecException(
                "endpoint",
                "'" + shown + "' is no host and port; give host:port, [IPv6]:port or host:*, such as localhost:5432");
    }

    boolean hasWildcards() {
        return !host.equals("*") && host.matches(".*[*?].*");
    }

    /** OpenSSH's open_match and remote_open_match; nothing is looked up, so 127.0.0.1 is not localhost. */
    boolean covers(String otherHost, int otherPort) {
        return (port == 0 || port == otherPort) && Wildcards.match(host, otherHost.toLowerCase(Locale.ROOT));
    }

    @JsonValue
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + (port == 0 ? "*" : port);
    }
}
