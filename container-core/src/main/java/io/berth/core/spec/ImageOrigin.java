// SPDX-License-Identifier: Apache-2.0
package io.berth.core.spec;

import java.util.regex.Pattern;

/**
 * Where an image that was not built here came from.
 *
 * @param from a file's name or an address, one line for people to read
 * @param digest {@code sha256:HEX} of the archive; of both halves of a split one together, as LXD and Incus count it
 */
public record ImageOrigin(String from, String digest) {
    private static final Pattern FROM = Pattern.compile("[ -~]{1,300}");
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

    /** @throws InvalidSpecException when it is not of that form */
    public ImageOrigin {
        checkedFrom(from);
        if (!DIGEST.matcher(digest).matches()) {
            throw new InvalidSpecException("digest", "'" + digest + "' is no digest; it has the form sha256:HEX");
        }
    }

    /** @throws InvalidSpecException when it is no such line */
    public static String checkedFrom(String from) {
        if (!FROM.matcher(from).matches()) {
            throw new InvalidSpecException(
                    "from", "where an image is from is one line of at most 300 ASCII characters");
        }
        return from;
    }
}
