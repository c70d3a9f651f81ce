// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Settings as they come from outside: variables of the environment, each checked on the way in. An empty one counts as unset. */
public final class Environment {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    private final Map<String, String> variables;

    public Environment(Map<String, String> variables) {
        this.variables = Map.copyOf(variables);
    }

    /** The variable's text, null when unset. */
    public @Nullable String text(String name) {
        String value = variables.getOrDefault(name, "").strip();
        return value.isEmpty() ? null : value;
    }

    /**
     * @param form what it must match
     * @param cure what to set it to
     */
    public String text(String name, String otherwise, Pattern form, String cure) {
        String value = text(name);
        if (value == null) {
            return otherwise;
        }
        if (!form.matcher(value).matches()) {
            throw new InvalidSettingException(name, value, cure);
        }
        return value;
    }

    /** An absolute path without {@code ..}. */
    public Path path(String name, String otherwise) {
        String value = text(name);
        Path path = Path.of(value == null ? otherwise : value);
        if (!path.isAbsolute() || !path.normalize().equals(path)) {
            throw new InvalidSettingException(name, String.valueOf(value), "set it to an absolute path without '..'");
        }
        return path;
    }

    public long number(String name, long otherwise, long least, long most) {
        String value = text(name);
        if (value == null) {
            return otherwise;
        }
        if (!NUMBER.matcher(value).matches() || Long.parseLong(value) < least || Long.parseLong(value) > most) {
            throw new InvalidSettingException(name, value, "set it to a whole number from " + least + " to " + most);
        }
        return Long.parseLong(value);
    }
}
