// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.util.Base64;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.session.ServerSession;

/**
 * The client's signature that this connection was accepted by, for the platform to verify itself: RFC 4252, section 7.
 *
 * @param sessionId base64
 * @param algorithm as the client named it
 * @param signature base64, as it came
 */
record Proof(String sessionId, String algorithm, String signature) {
    /** Where an accepted connection keeps it. */
    static final AttributeKey<Proof> KEY = new AttributeKey<>();

    /** Whether there is a signature, the algorithm's name, the key, the signature; the buffer is left as it was. */
    static Proof of(ServerSession session, Buffer request) {
        int start = request.rpos();
        request.getBoolean();
        String algorithm = request.getString();
        request.getBytes();
        byte[] signature = request.getBytes();
        request.rpos(start);
        Base64.Encoder base64 = Base64.getEncoder();
        return new Proof(base64.encodeToString(session.getSessionId()), algorithm, base64.encodeToString(signature));
    }
}
