// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.access.Sources;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@link ConnectionLimits} from the environment: BERTH_SSH_ and the name of sshd_config(5) in capitals. */
final class LimitVariables {
    private static final String PREFIX = "BERTH_SSH_";
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,7}");
    private static final Pattern STARTUPS = Pattern.compile("([0-9]{1,6}):([0-9]{1,3}):([0-9]{1,6})");
    private static final Pattern BLOCK = Pattern.compile("([0-9]{1,2}):([0-9]{1,3})");
    private static final int MOST = 1_000_000;
    private static final int MOST_MIB = 65_536;
    private static final long MIB = 1L << 20;
    private static final int LONGEST_GRACE = 3600; // whoever needs more than an hour has gone to lunch

    private final Map<String, String> variables;

    LimitVariables(Map<String, String> variables) {
        this.variables = variables;
    }

    /** @throws StartException when a variable is wrong */
    ConnectionLimits read() {
        return new ConnectionLimits(
                value("MAX_STARTUPS", "100:30:200", LimitVariables::startups),
                number("PER_SOURCE_MAX_STARTUPS", "20", MOST),
                number("PER_SOURCE_MAX_CONNECTIONS", "1000", MOST),
                value("PER_SOURCE_NET_BLOCK_SIZE", "32:64", LimitVariables::block),
                value("PER_SOURCE_PENALTIES", PenaltySettings.DEFAULTS, PenaltySettings::parse),
                value("PER_SOURCE_PENALTY_EXEMPT_LIST", "", LimitVariables::sources),
                value("PROXY_PROTOCOL_FROM", "", LimitVariables::sources),
                Duration.ofSeconds(number("LOGIN_GRACE_TIME", "120", LONGEST_GRACE)),
                number("MAX_AUTH_TRIES", "6", MOST),
                value("BANNER", "", LimitVariables::file),
                number("MAX_SESSIONS", "10", MOST),
                number("MAX_CHANNELS", "256", MOST),
                number("MAX_INPUT_MIB", "32", MOST_MIB) * MIB);
    }

    private <T extends @Nullable Object> T value(String name, String otherwise, Function<String, T> parse) {
        String given = variables.getOrDefault(PREFIX + name, "").strip();
        String text = given.isEmpty() ? otherwise : given;
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            throw GatewaySettings.wrong(PREFIX + name, text, String.valueOf(e.getMessage()));
        }
    }

    private int number(String name, String otherwise, int most) {
        return value(name, otherwise, text -> {
            int number = NUMBER.matcher(text).matches() ? Integer.parseInt(text) : 0;
            if (number < 1 || number > most) {
                throw new IllegalArgumentException("a whole number from 1 to " + most);
            }
            return number;
        });
    }

    private static MaxStartups startups(String text) {
        Matcher parts = STARTUPS.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("start:rate:full, such as 100:30:200");
        }
        return new MaxStartups(
                Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)), Integer.parseInt(parts.group(3)));
    }

    private static NetBlock block(String text) {
        Matcher parts = BLOCK.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("IPv4 bits and IPv6 bits, such as 32:64");
        }
        return new NetBlock(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)));
    }

    private static @Nullable Path file(String text) {
        if (text.isEmpty()) {
            return null;
        }
        Path file = Path.of(text); // its InvalidPathException is an IllegalArgumentException
        if (!file.isAbsolute()) {
            throw new IllegalArgumentException("the absolute path of a file");
        }
        return file;
    }

    private static Sources sources(String text) {
        return text.isEmpty() ? Sources.EVERYWHERE : Sources.of(List.of(text.split(",", -1)));
    }
}
