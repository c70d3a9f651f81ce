// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;

/**
 * A client's promise to open no further session (no-more-sessions@openssh.com; PROTOCOL, section 2.2), so that nobody who takes it
 * over can. MINA's own handler holds it for every type of channel, and so ends ssh -L.
 */
final class NoMoreSessions implements RequestHandler<ConnectionService> {
    private static final AttributeKey<Boolean> ASKED = new AttributeKey<>();

    static boolean isAsked(Session session) {
        return session.getAttribute(ASKED) != null;
    }

    @Override
    public Result process(ConnectionService service, String request, boolean wantReply, Buffer buffer) {
        if (!request.equals("no-more-sessions@openssh.com")) {
            return Result.Unsupported;
        }
        service.getSession().setAttribute(ASKED, true);
        return wantReply ? Result.ReplySuccess : Result.Replied;
    }
}
