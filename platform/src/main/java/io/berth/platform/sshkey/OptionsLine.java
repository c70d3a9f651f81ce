// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshkey;

import io.berth.core.access.AccessRules;
import io.berth.core.access.Endpoint;
import io.berth.core.access.ForwardingRules;
import io.berth.core.access.Sources;
import io.berth.core.spec.InvalidSpecException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The options before a key in authorized_keys, read one after the other as sshd reads them: a later one may undo {@code restrict}. */
final class OptionsLine {
    private static final Set<String> FLAGS = Set.of(
            "restrict",
            "pty",
            "no-pty",
            "port-forwarding",
            "no-port-forwarding",
            "agent-forwarding",
            "no-agent-forwarding",
            "x11-forwarding",
            "no-x11-forwarding",
            "touch-required",
            "no-touch-required",
            "verify-required",
            "no-verify-required",
            "user-rc",
            "no-user-rc");
    private static final Set<String> WITH_VALUE =
            Set.of("from", "expiry-time", "command", "permitopen", "permitlisten");
    /** Options of sshd's that would be passed over here, which nobody may believe to hold. */
    private static final Set<String> NOT_TAKEN = Set.of("cert-authority", "environment", "principals", "tunnel");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-]+");
    private static final Pattern EXPIRY = Pattern.compile("([0-9]{8})(?:([0-9]{4})([0-9]{2})?)?Z?");
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuuMMddHHmmss", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);

    private final String text;
    private final Set<String> seen = new HashSet<>();
    private final List<Endpoint> open = new ArrayList<>();
    private final List<Endpoint> listen = new ArrayList<>();
    private Sources from = Sources.EVERYWHERE;
    private @Nullable Instant expiresAt;
    private @Nullable String command;
    private boolean pty = true;
    private boolean ports = true;
    private boolean agent = true;
    private boolean x11 = true;
    private boolean touch = true;
    private boolean pin;

    OptionsLine(String text) {
        this.text = text;
    }

    /** Whether a line's first word is made of options, and no type of key. */
    static boolean isBegun(String word) {
        String name = word.split("[=,]", 2)[0].toLowerCase(Locale.ROOT);
        return word.indexOf('=') >= 0 || word.indexOf(',') >= 0 || FLAGS.contains(name) || NOT_TAKEN.contains(name);
    }

    /** @throws UnfitKeyException naming the option that is wrong */
    AccessRules rules() {
        for (int end = option(0); end < text.length(); ) {
            if (text.charAt(end) != ',') {
                throw malformed(end);
            }
            end = option(end + 1);
        }
        try {
            return new AccessRules(
                    from, expiresAt, command, pty, touch, pin, new ForwardingRules(ports, agent, x11, open, listen));
        } catch (InvalidSpecException e) {
            throw new UnfitKeyException("its options: " + e.getMessage());
        }
    }

    /** @return where it ends */
    private int option(int start) {
        Matcher name = NAME.matcher(text).region(start, text.length());
        if (!name.lookingAt()) {
            throw malformed(start);
        }
        int end = name.end();
        if (end == text.length() || text.charAt(end) != '=') {
            read(name.group().toLowerCase(Locale.ROOT), null);
            return end;
        }
        int close = endOfQuoted(end + 1);
        read(name.group().toLowerCase(Locale.ROOT), text.substring(end + 2, close));
        return close + 1;
    }

    /** Where the quotes that open there close; \\" stands for a quote inside. */
    private int endOfQuoted(int open) {
        if (open < text.length() && text.charAt(open) == '"') {
            for (int i = open + 1; i < text.length(); i++) {
                if (text.charAt(i) == '"' && text.charAt(i - 1) != '\\') {
                    return i;
                }
            }
        }
        throw malformed(open);
    }

    private UnfitKeyException malformed(int at) {
        return wrong(text.substring(at), "is no option of a key; write NAME or NAME=\"VALUE\", joined by commas");
    }

    private void read(String name, @Nullable String value) {
        if (NOT_TAKEN.contains(name)) {
            throw wrong(name, "is an option that is not honoured here; remove it");
        }
        if (value == null ? !FLAGS.contains(name) : !WITH_VALUE.contains(name)) {
            throw wrong(
                    name,
                    WITH_VALUE.contains(name)
                            ? "needs a value; write " + name + "=\"…\""
                            : "is no option of a key that is known here; remove it");
        }
        if (value == null) {
            flag(name);
            return;
        }
        try {
            set(name, value.replace("\\\"", "\""));
        } catch (InvalidSpecException e) {
            throw new UnfitKeyException(
                    "option " + name + ": " + String.valueOf(e.getMessage()).replaceFirst("^[a-zA-Z]+: ", ""));
        }
    }

    private void flag(String name) {
        boolean is = !name.startsWith("no-");
        switch (name.replaceFirst("^no-", "")) {
            case "restrict" -> {
                pty = false;
                ports = false;
                agent = false;
                x11 = false;
            }
            case "pty" -> pty = is;
            case "port-forwarding" -> ports = is;
            case "agent-forwarding" -> agent = is;
            case "x11-forwarding" -> x11 = is;
            case "touch-required" -> touch = is;
            case "verify-required" -> pin = is;
            default -> {} // user-rc: ~/.ssh/rc is sshd's own custom and is never run here
        }
    }

    private void set(String name, String value) {
        if (!name.startsWith("permit") && !seen.add(name)) {
            throw wrong(name, "is given twice; give it once");
        }
        switch (name) {
            case "from" -> from = Sources.of(parts(value));
            case "expiry-time" -> expiresAt = expiry(value);
            case "command" -> command = value;
            case "permitopen" -> parts(value).forEach(part -> open.add(Endpoint.parse(part)));
            default -> parts(value).forEach(part -> listen.add(KeyOptions.listening(part)));
        }
    }

    private static List<String> parts(String value) {
        return List.of(value.split(",", -1));
    }

    /** YYYYMMDD[HHMM[SS]][Z]. sshd takes one without Z for its own time zone's; the platform's is UTC. */
    private static Instant expiry(String value) {
        Matcher parts = EXPIRY.matcher(value);
        if (parts.matches()) {
            String time = parts.group(2) == null ? "0000" : parts.group(2);
            String seconds = parts.group(3) == null ? "00" : parts.group(3);
            try {
                return LocalDateTime.parse(parts.group(1) + time + seconds, SECONDS)
                        .toInstant(ZoneOffset.UTC);
            } catch (DateTimeException e) {
                throw wrong("expiry-time", "'" + value + "' is no date that there is; give YYYYMMDD[HHMM[SS]]Z");
            }
        }
        throw wrong("expiry-time", "is no time; give YYYYMMDD[HHMM[SS]]Z, such as 20301231Z");
    }

    private static UnfitKeyException wrong(String option, String why) {
        String shown = option.length() > 40 ? option.substring(0, 40) + "…" : option;
        return new UnfitKeyException("option '" + shown + "' " + why);
    }
}
