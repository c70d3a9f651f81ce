// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.io.IOException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.server.session.ServerSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happened so far during one connection's authentication, whose requests come one after the other. */
final class Attempts {
    static final AttributeKey<Attempts> KEY = new AttributeKey<>();
    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

    private final Map<LoginRequest, Login> logins = new HashMap<>();
    private final Set<Banner> shown = new HashSet<>();
    private final int most;
    private int refusals;
    private boolean isRefused;
    private String offer = "";

    private Attempts(int most) {
        this.most = most;
    }

    /** @param most as sshd's MaxAuthTries */
    static Attempts of(ServerSession session, int most) {
        return session.computeAttributeIfAbsent(KEY, _ -> new Attempts(most));
    }

    /** What the next {@link KeyCheck} is about, as it came: a certificate's signature covers every byte. */
    void offered(byte[] blob) {
        offer = new ByteArrayBuffer(blob).getString() + " "
                + Base64.getEncoder().encodeToString(blob);
    }

    /** Type and base64. */
    String offer() {
        return offer;
    }

    /** A platform that did not answer is nobody's fault out there. */
    boolean isBlameless() {
        return refusals > 0 && !isRefused;
    }

    int refusals() {
        return refusals;
    }

    @Nullable
    Login login(LoginRequest request) {
        return logins.get(request);
    }

    void keep(Login login) {
        logins.put(login.request(), login);
    }

    /** Shows the banner once a connection, and ends the connection after too many refusals. */
    void refuse(ServerSession session, Banner banner) {
        refusals++;
        isRefused |= !banner.equals(Banner.TRY_AGAIN);
        try {
            if (shown.add(banner)) {
                banner.send(session);
            }
            if (refusals >= most) {
                session.disconnect(
                        SshConstants.SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE,
                        "Too many authentication failures");
            }
        } catch (IOException e) {
            LOG.debug("event=gone-while-refused source={}", KeyCheck.source(session), e);
        }
    }
}
