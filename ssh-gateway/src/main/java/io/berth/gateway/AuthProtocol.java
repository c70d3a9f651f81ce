// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.sshd.common.ServiceFactory;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.server.session.ServerUserAuthService;
import org.jspecify.annotations.Nullable;

/** MINA's authentication service, with what is said before a login and right after it. */
final class AuthProtocol extends ServerUserAuthService {
    private final @Nullable String banner;
    private final HostKeyProofs hostKeys;

    private AuthProtocol(Session session, @Nullable String banner, HostKeyProofs hostKeys) throws IOException {
        super(session);
        this.banner = banner;
        this.hostKeys = hostKeys;
    }

    /** The operator's. MINA would take a text with a colon and slashes in it for an address. */
    @Override
    protected @Nullable String resolveWelcomeBanner(ServerSession session) {
        return banner;
    }

    /** Not earlier: until here MINA holds the word of the success back, and what is written goes out before it. */
    @Override
    protected void handleAuthenticationSuccess(int command, Buffer buffer) throws Exception {
        Login login = getServerSession().getAttribute(Login.KEY);
        if (login != null && login.first() instanceof Decision.SecondFactor) {
            goOn(CodeAuth.NAME, true);
            return;
        }
        super.handleAuthenticationSuccess(command, buffer);
        if (getServerSession().isAuthenticated()) {
            hostKeys.announce(getServerSession());
        }
    }

    /** MINA would tell every stranger that there are codes. */
    @Override
    protected void handleAuthenticationFailure(int command, Buffer buffer) throws Exception {
        goOn(getServerSession().getAttribute(CodeAuth.PROVED) == null ? "publickey" : CodeAuth.NAME, false);
    }

    /** RFC 4252, section 5.1. */
    private void goOn(String method, boolean partialSuccess) throws IOException {
        Buffer packet = getServerSession().createBuffer(SshConstants.SSH_MSG_USERAUTH_FAILURE);
        packet.putString(method);
        packet.putBoolean(partialSuccess);
        getServerSession().writePacket(packet);
    }

    /**
     * Makes one a session.
     *
     * @param banner null for none
     */
    record Factory(@Nullable String banner, HostKeyProofs hostKeys) implements ServiceFactory {
        private static final int MOST_BANNER = 16_384; // everybody gets it, before the login

        /** @throws StartException when the file is of no use */
        static Factory of(@Nullable Path banner, HostKeyProofs hostKeys) {
            return new Factory(banner == null ? null : read(banner), hostKeys);
        }

        private static String read(Path file) {
            try {
                String text = Files.readString(file);
                if (text.length() <= MOST_BANNER) {
                    return text;
                }
            } catch (IOException e) {
                throw new StartException(
                        "banner " + file
                                + " cannot be read; give BERTH_SSH_BANNER a file of UTF-8 text that the gateway's "
                                + "user may read",
                        e);
            }
            throw new StartException("banner " + file + " is too long; cut it down to " + MOST_BANNER + " characters");
        }

        @Override
        public String getName() {
            return "ssh-userauth";
        }

        @Override
        public AuthProtocol create(Session session) throws IOException {
            return new AuthProtocol(session, banner, hostKeys);
        }
    }
}
