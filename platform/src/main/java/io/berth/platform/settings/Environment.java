// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Variables of the environment, each checked on the way in; an empty one counts as unset. */
record Environment(Map<String, String> variables) {
    /** Instead of an amount. */
    static final String UNLIMITED = "unlimited";

    private static final Pattern AMOUNT = Pattern.compile("[0-9]{1,15}"); // below 2^53: JSON shows it as it stands
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    Environment {
        variables = Map.copyOf(variables);
    }

    String text(String name, String otherwise) {
        String value = variables.getOrDefault(name, "").strip();
        return value.isEmpty() ? otherwise : value;
    }

    String text(String name, String otherwise, Pattern form, String cure) {
        String value = text(name, otherwise);
        if (!form.matcher(value).matches()) {
            throw new InvalidSettingException(name, value, cure);
        }
        return value;
    }

    int port(String name, int otherwise) {
        String value = text(name, Integer.toString(otherwise));
        if (!NUMBER.matcher(value).matches() || Integer.parseInt(value) > 65_535) {
            throw new InvalidSettingException(name, value, "set it to a whole number from 0 to 65535");
        }
        return Integer.parseInt(value);
    }

    Duration seconds(String name, Duration otherwise, Duration longest) {
        String value = text(name, Long.toString(otherwise.toSeconds()));
        if (!NUMBER.matcher(value).matches() || Integer.parseInt(value) > longest.toSeconds()) {
            throw new InvalidSettingException(
                    name, value, "set it to a whole number of seconds from 0 to " + longest.toSeconds());
        }
        return Duration.ofSeconds(Integer.parseInt(value));
    }

    /** Addresses and networks with commas between them; none when it is unset. */
    List<Network> networks(String name) {
        String value = text(name, "");
        try {
            return value.isEmpty()
                    ? List.of()
                    : Arrays.stream(value.split(",", -1))
                            .map(String::strip)
                            .map(it -> it.contains("/") ? Network.of(it) : Network.single(it))
                            .toList();
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingException(
                    name,
                    value,
                    "set it to addresses and networks with commas between them, such as 192.0.2.7,fd00:1::/64");
        }
    }

    /** A whole number, null for no limit. */
    @Nullable
    Long amount(String name, String otherwise) {
        String value = text(name, otherwise);
        if (value.equals(UNLIMITED)) {
            return null;
        }
        if (!AMOUNT.matcher(value).matches()) {
            throw new InvalidSettingException(name, value, "set it to a whole number or '" + UNLIMITED + "'");
        }
        return Long.valueOf(value);
    }

    /** An absolute path without {@code ..}. */
    Path path(String name, String otherwise) {
        String value = text(name, otherwise);
        Path path = Path.of(value);
        if (!path.isAbsolute() || !path.normalize().equals(path)) {
            throw new InvalidSettingException(name, value, "set it to an absolute path without '..'");
        }
        return path;
    }
}
