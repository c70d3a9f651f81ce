// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.gateway.text.Printable;
import java.io.IOException;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;

/** A line that the client shows during authentication: SSH_MSG_USERAUTH_BANNER, RFC 4252, section 5.4. */
record Banner(String line) {
    /** The same for everybody: it must not tell an unknown key from a suspended tenant. */
    static final Banner NO_ACCESS =
            new Banner("berth: no access with this key; add your public key in the portal or by REST, then try again");

    static final Banner TRY_AGAIN = new Banner("berth: the platform does not answer; try again in a moment");

    static final Banner CODE_IS_OLD =
            new Banner("berth: the code that you showed is half a day old, or is demanded since; log in anew");

    static final Banner LOBBY_CLOSED = new Banner(
            "berth: the platform does not answer, and the lobby is closed; log in to a running container by its name, "
                    + "which works with a key that was used for it lately, or try again in a moment");

    static Banner of(String message) {
        return new Banner("berth: " + Printable.line(message));
    }

    void send(Session session) throws IOException {
        Buffer packet = session.createBuffer(SshConstants.SSH_MSG_USERAUTH_BANNER);
        packet.putString(line + "\n");
        packet.putString("");
        session.writePacket(packet);
    }
}
