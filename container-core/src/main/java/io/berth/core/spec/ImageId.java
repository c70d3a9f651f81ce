// SPDX-License-Identifier: Apache-2.0
package io.berth.core.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * An image's identity: the SHA-256 of its canonical file tree (see the image package).
 */
public record ImageId(String value) {
    private static final Pattern FORM = Pattern.compile("sha256:[0-9a-f]{64}");

    /** @throws InvalidSpecException when the text is no such name */
    @JsonCreator
    public ImageId {
        if (!FORM.matcher(value).matches()) {
            throw new InvalidSpecException(
                    "image", "'" + value + "' is no image id; it is 'sha256:' and 64 hexadecimal digits");
        }
    }

    @JsonValue
    @Override
    public String toString() {
        return value;
    }
}
