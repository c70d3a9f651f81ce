// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A pseudo-terminal as an SSH client asks for it (RFC 4254, 6.2).
 *
 * @param term value of TERM
 * @param columns width in characters, 0 to 65535
 * @param rows height in characters, 0 to 65535
 * @param widthPixels width in pixels, 0 to 65535
 * @param heightPixels height in pixels, 0 to 65535
 * @param modes encoded terminal modes of RFC 4254, section 8: opcode and value pairs ended by TTY_OP_END; base64 in JSON
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out
public record PtyRequest(
        String term,
        int columns,
        int rows,
        int widthPixels,
        int heightPixels,
        @JsonProperty("modes") byte[] modes) {
    public PtyRequest {
        modes = modes.clone();
    }

    @Override
    public byte[] modes() {
        return modes.clone();
    }
}
