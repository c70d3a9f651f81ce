// SPDX-License-Identifier: Apache-2.0
package io.berth.core.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where a volume is in a container: an absolute path in its one form, of names that need no quoting anywhere. It is walked inside the
 * container and by its root only, a name at a time and through no link; the host never resolves one.
 */
public record MountPath(String value) {
    private static final Pattern FORM = Pattern.compile("(/[A-Za-z0-9_][A-Za-z0-9._-]{0,63}){1,8}");

    /** What is mounted there when a container starts, by Berth or by its init, would lie over the volume or under it. */
    private static final Set<String> TAKEN = Set.of("proc", "sys", "dev", "run");

    /** @throws InvalidSpecException when the text is no such path */
    @JsonCreator
    public MountPath {
        if (!FORM.matcher(value).matches()) {
            throw new InvalidSpecException(
                    "path",
                    "'" + value
                            + "' is no path for a volume; use 1 to 8 names, each after a '/', of 1 to 64 letters, digits,"
                            + " '.', '_' and '-', beginning with a letter, a digit or '_', such as /srv/data");
        }
        String first = value.split("/", 3)[1];
        if (TAKEN.contains(first)) {
            throw new InvalidSpecException(
                    "path", "'" + value + "' is in /" + first + ", which is made at each start; choose another place");
        }
    }

    /** From the root on. */
    public List<String> names() {
        return List.of(value.substring(1).split("/", -1));
    }

    /** Whether it is that path or lies below it. */
    public boolean isWithin(MountPath other) {
        return (value + "/").startsWith(other.value + "/");
    }

    @JsonValue
    @Override
    public String toString() {
        return value;
    }
}
