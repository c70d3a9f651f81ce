// SPDX-License-Identifier: Apache-2.0
package io.berth.core.unpack;

import static io.berth.core.unpack.RefusedArchiveException.quoted;

import io.berth.core.linux.Architecture;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether an image is for this machine. */
final class Machine {
    /** The one line of metadata.yaml that is asked for; a parser for all of YAML would be more to attack than it answers. */
    private static final Pattern ARCHITECTURE =
            Pattern.compile("(?m)^\\s{0,4}\"?architecture\"?\\s{0,4}:\\s{0,4}\"?'?([A-Za-z0-9_-]{1,32})");

    private Machine() {}

    static void requireMetadata(String yaml) {
        Matcher found = ARCHITECTURE.matcher(yaml);
        if (!found.find()) {
            throw new RefusedArchiveException("metadata.yaml has no architecture");
        }
        require(found.group(1));
    }

    /** @param architecture as Debian, Docker or the kernel call it */
    static boolean is(String architecture) {
        return names().contains(architecture);
    }

    static void require(String architecture) {
        if (!is(architecture)) {
            throw new RefusedArchiveException("the image is for " + quoted(architecture) + "; this machine is "
                    + names().stream().sorted().findFirst().orElseThrow());
        }
    }

    private static Set<String> names() {
        return switch (Architecture.host()) {
            case X86_64 -> Set.of("amd64", "x86_64");
            case AARCH64 -> Set.of("aarch64", "arm64");
        };
    }
}
