// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.recording;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Bytes as they come, as text: a character that was cut in two waits for its rest; what is no UTF-8 becomes U+FFFD, as JSON holds text only. */
final class Utf8Text {
    private static final int LONGEST = 4; // bytes of one character, RFC 3629

    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private byte[] held = new byte[0];

    /** May be empty. */
    String of(byte[] bytes, int offset, int length) {
        ByteBuffer in = ByteBuffer.allocate(held.length + length)
                .put(held)
                .put(bytes, offset, length)
                .flip();
        CharBuffer out = CharBuffer.allocate(in.remaining() + LONGEST);
        decoder.decode(in, out, false);
        held = new byte[in.remaining()];
        in.get(held);
        return out.flip().toString();
    }

    /** What was cut at the very end. */
    String rest() {
        CharBuffer out = CharBuffer.allocate(LONGEST);
        decoder.decode(ByteBuffer.wrap(held), out, true);
        decoder.flush(out);
        held = new byte[0];
        return out.flip().toString();
    }
}
