// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.io.IOException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/**
 * Tells clients which host keys there are and proves that we hold them: OpenSSH's PROTOCOL, section 2.5. MINA's own handler looks keys
 * up by their type, and so proves a second one of a type by the first.
 */
final class HostKeyProofs implements RequestHandler<ConnectionService> {
    private static final String PROVE = "hostkeys-prove-00@openssh.com";

    private final HostKeys keys;

    HostKeyProofs(HostKeys keys) {
        this.keys = keys;
    }

    /** Nobody who does not know the request minds it. */
    void announce(Session session) throws IOException {
        Buffer packet = session.createBuffer(SshConstants.SSH_MSG_GLOBAL_REQUEST);
        packet.putString("hostkeys-00@openssh.com");
        packet.putBoolean(false); // want reply
        keys.all().forEach(pair -> packet.putBytes(HostKeys.blob(pair)));
        session.writePacket(packet);
    }

    @Override
    public Result process(ConnectionService service, String request, boolean wantReply, Buffer buffer)
            throws Exception {
        if (!request.equals(PROVE)) {
            return Result.Unsupported;
        }
        List<KeyPair> asked = new ArrayList<>();
        while (buffer.available() > 0) {
            var pair = keys.find(buffer.getBytes());
            if (pair.isEmpty() || asked.size() == keys.all().size()) { // a signature costs more than the question
                return Result.ReplyFailure;
            }
            asked.add(pair.get());
        }
        if (!wantReply || asked.isEmpty()) {
            return Result.ReplyFailure;
        }
        Session session = service.getSession();
        Buffer reply = session.createBuffer(SshConstants.SSH_MSG_REQUEST_SUCCESS);
        for (KeyPair pair : asked) {
            reply.putBytes(proof(session, pair));
        }
        session.writePacket(reply);
        return Result.Replied;
    }

    private static byte[] proof(Session session, KeyPair pair) throws Exception {
        var signed = new ByteArrayBuffer();
        signed.putString(PROVE);
        signed.putBytes(session.getSessionId());
        signed.putBytes(HostKeys.blob(pair));
        Signature signer = BuiltinSignatures.ed25519.create(); // host keys are of no other type
        signer.initSigner(session, pair.getPrivate());
        signer.update(session, signed.getCompactData());
        var signature = new ByteArrayBuffer();
        signature.putString(KeyPairProvider.SSH_ED25519);
        signature.putBytes(signer.sign(session));
        return signature.getCompactData();
    }
}
