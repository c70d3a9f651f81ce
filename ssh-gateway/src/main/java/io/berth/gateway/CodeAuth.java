// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.gateway.audit.AuditEvent.Kind;
import io.berth.gateway.audit.AuditEvent.Outcome;
import io.berth.gateway.audit.AuditEvent.Where;
import io.berth.gateway.text.Printable;
import java.io.IOException;
import java.time.Clock;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.auth.AbstractUserAuth;
import org.apache.sshd.server.auth.UserAuthFactory;
import org.apache.sshd.server.session.ServerSession;
import org.jspecify.annotations.Nullable;

/**
 * Asks who has proved a key for the code of an authenticator, where the tenant demands one: keyboard-interactive, RFC 4256. The
 * platform looks at the code.
 */
final class CodeAuth extends AbstractUserAuth {
    static final String NAME = "keyboard-interactive";

    /** The login whose key was proved by a signature, and by nothing less; an offer without one does not come here. */
    static final AttributeKey<Login> PROVED = new AttributeKey<>();

    private static final int MOST_CHARACTERS = 64; // of an answer; a recovery code has 16

    private final LoginDesk desk;
    private final Clock clock;
    private final Watch watch;
    private final int maxAuthTries;

    private CodeAuth(LoginDesk desk, Clock clock, Watch watch, int maxAuthTries) {
        super(NAME);
        this.desk = desk;
        this.clock = clock;
        this.watch = watch;
        this.maxAuthTries = maxAuthTries;
    }

    static UserAuthFactory factory(LoginDesk desk, Clock clock, Watch watch, int maxAuthTries) {
        return new UserAuthFactory() {
            @Override
            public String getName() {
                return NAME;
            }

            @Override
            public CodeAuth createUserAuth(ServerSession session) {
                return new CodeAuth(desk, clock, watch, maxAuthTries);
            }
        };
    }

    /** @return null while the answer is awaited */
    @Override
    protected @Nullable Boolean doAuth(Buffer buffer, boolean init) throws Exception {
        ServerSession session = getServerSession();
        Login proved = session.getAttribute(PROVED);
        if (proved == null || !proved.request().userName().equals(getUsername())) {
            return Boolean.FALSE; // the key comes first
        }
        if (init) {
            ask(session);
            return null;
        }
        if (buffer.getUByte() != SshConstants.SSH_MSG_USERAUTH_INFO_RESPONSE || buffer.getUInt() != 1) {
            return Boolean.FALSE;
        }
        return isRight(session, proved, buffer.getString().strip());
    }

    private static void ask(ServerSession session) throws IOException {
        Buffer packet = session.createBuffer(SshConstants.SSH_MSG_USERAUTH_INFO_REQUEST);
        packet.putString(""); // name
        packet.putString(""); // instruction
        packet.putString(""); // language
        packet.putUInt(1);
        packet.putString("Code of your authenticator, or a recovery code: ");
        packet.putBoolean(false); // echo
        session.writePacket(packet);
    }

    private boolean isRight(ServerSession session, Login proved, String code) {
        Attempts attempts = Attempts.of(session, maxAuthTries);
        try {
            SecondFactorAnswer answer = code.isEmpty() || code.length() > MOST_CHARACTERS
                    ? new SecondFactorAnswer(null, null)
                    : desk.secondFactor(proved.request(), code);
            String token = answer.token();
            if (token == null) {
                return refused(session, attempts, proved, "WRONG_CODE", answer.message());
            }
            Login login = Login.ask(desk, clock, proved.request().with(token));
            if (login.first() instanceof Decision.Refused || login.first() instanceof Decision.SecondFactor) {
                return refused(session, attempts, proved, "SECOND_FACTOR_NOT_TAKEN", null);
            }
            session.setAttribute(Login.KEY, login);
            new LoginNote(watch).loggedIn(session, getUsername());
            return true;
        } catch (PlatformSilentException e) {
            watch.log().warn("event=platform-silent cause={}", Printable.line(String.valueOf(e.getMessage())));
            attempts.refuse(session, Banner.TRY_AGAIN);
            return false;
        }
    }

    private boolean refused(
            ServerSession session, Attempts attempts, Login proved, String reason, @Nullable String message) {
        watch.log()
                .info(
                        "event=login-refused reason={} user={} key={} source={}",
                        reason,
                        Printable.of(getUsername()),
                        proved.fingerprint(),
                        KeyCheck.source(session));
        watch.note(Kind.LOGIN, Outcome.REFUSED, Watch.who(proved, null), Where.NOWHERE, reason);
        attempts.refuse(session, Banner.of(message == null ? "the code is wrong, or was used already" : message));
        return false;
    }
}
