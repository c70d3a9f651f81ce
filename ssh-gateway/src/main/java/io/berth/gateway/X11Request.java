// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.sshd.common.util.buffer.Buffer;

/**
 * A client's wish that programs in the container show windows on its display: RFC 4254, section 6.3.1.
 *
 * @param isSingle whether one connection is all that it wants
 * @param protocol of authentication
 * @param cookie what programs inside are to show; the client knows another for its display
 */
record X11Request(boolean isSingle, String protocol, String cookie, int screen) {
    // both become words of a command of xauth(1)'s: CVE-2016-3115
    private static final Pattern PROTOCOL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,63}");
    private static final Pattern COOKIE = Pattern.compile("(?:[0-9a-fA-F]{2}){1,256}");
    private static final int MOST_SCREEN = 255;

    /** @return empty for what no client with a display sends */
    static Optional<X11Request> from(Buffer buffer) {
        boolean isSingle = buffer.getBoolean();
        String protocol = buffer.getString();
        String cookie = buffer.getString();
        long screen = buffer.getUInt();
        return PROTOCOL.matcher(protocol).matches() && COOKIE.matcher(cookie).matches() && screen <= MOST_SCREEN
                ? Optional.of(new X11Request(isSingle, protocol, cookie, (int) screen))
                : Optional.empty();
    }

    /** For DISPLAY. */
    String display(int number) {
        return "localhost:" + number + "." + screen;
    }

    /** What xauth(1) reads, as sshd gives it: Xlib looks for the name of a local display. */
    String xauthLines(int number) {
        String name = "unix:" + number + "." + screen;
        return "remove " + name + "\nadd " + name + " " + protocol + " " + cookie + "\n";
    }
}
