// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.io.IOException;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.session.helpers.TimeoutIndicator.TimeoutStatus;
import org.jspecify.annotations.Nullable;

/** Tells {@link Admission} who logged in, and who left and how. */
final class Departures implements SessionListener {
    private static final AttributeKey<Throwable> CRASH = new AttributeKey<>();

    private final Admission admission;

    Departures(Admission admission) {
        this.admission = admission;
    }

    @Override
    public void sessionEvent(Session session, Event event) {
        if (event == Event.Authenticated) {
            admission.loggedIn(session.getIoSession().getRemoteAddress());
            if (session.getIoSession() instanceof ClientSocket socket) {
                socket.loggedIn(tenant(session));
            }
        }
    }

    private static String tenant(Session session) {
        Login login = session.getAttribute(Login.KEY);
        return login == null ? "" : login.tenant();
    }

    /** MINA's word for what a peer does wrong is an SshException, for what its socket does any other IOException. */
    @Override
    public void sessionException(Session session, Throwable t) {
        if (!(t instanceof IOException)) {
            session.setAttribute(CRASH, t);
        }
    }

    @Override
    public void sessionClosed(Session session) {
        admission.left(session.getIoSession().getRemoteAddress(), penalty(session));
    }

    private static @Nullable Penalty penalty(Session session) {
        if (session.getAttribute(CRASH) != null) {
            return Penalty.CRASH;
        }
        if (session.getTimeoutStatus().getStatus() == TimeoutStatus.AuthTimeout) {
            return Penalty.GRACE_EXCEEDED;
        }
        Attempts attempts = session.getAttribute(Attempts.KEY);
        if (attempts != null && attempts.isBlameless()) {
            return null;
        }
        return attempts != null && attempts.refusals() > 0 ? Penalty.AUTHFAIL : Penalty.NOAUTH;
    }
}
