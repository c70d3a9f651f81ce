// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.gateway.audit.AuditEvent.Kind;
import io.berth.gateway.audit.AuditEvent.Outcome;
import io.berth.gateway.audit.AuditEvent.Where;
import io.berth.gateway.audit.AuditEvent.Who;
import io.berth.gateway.text.Printable;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.util.Set;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKey;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.session.ServerSession;
import org.slf4j.Logger;

/** MINA's public-key method with what it lacks: the demands on FIDO keys, certificates' options, and a word in the log on each end. */
final class KeyAuth extends UserAuthPublicKey {
    /**
     * The platform reads these out of the certificate once more and tells the rules that follow. {@code verify-required} concerns
     * security keys, whose certificates MINA 2.20 can't read: on any other key nobody could fulfil it.
     */
    private static final Set<String> OPTIONS =
            Set.of(OpenSshCertificate.FORCE_COMMAND, OpenSshCertificate.SOURCE_ADDRESS);

    private final Logger journal;
    private final Watch watch;
    private final int maxAuthTries;

    private KeyAuth(Watch watch, int maxAuthTries) {
        this.journal = watch.log();
        this.watch = watch;
        this.maxAuthTries = maxAuthTries;
    }

    static UserAuthPublicKeyFactory factory(Watch watch, int maxAuthTries) {
        return new UserAuthPublicKeyFactory() {
            @Override
            public UserAuthPublicKey createUserAuth(ServerSession session) {
                return new KeyAuth(watch, maxAuthTries);
            }
        };
    }

    @Override
    public Boolean doAuth(Buffer buffer, boolean init) throws Exception {
        ServerSession session = getServerSession();
        Attempts attempts = Attempts.of(session, maxAuthTries);
        int refusals = attempts.refusals();
        try {
            attempts.offered(blob(buffer));
            Proof proof = isSigned(buffer) ? Proof.of(session, buffer) : null;
            Boolean authed = super.doAuth(buffer, init);
            if (Boolean.TRUE.equals(authed)) {
                session.setAttribute(Proof.KEY, proof);
                proved(session);
            } else if (Boolean.FALSE.equals(authed) && attempts.refusals() == refusals) {
                refused(session, attempts, "BAD_CERTIFICATE");
            }
            return authed;
        } catch (Exception e) { // whatever a stranger's packet makes of MINA and of the JDK's providers
            journal.debug("event=key-failed", e);
            refused(session, attempts, "BAD_SIGNATURE");
            return Boolean.FALSE;
        }
    }

    /** The key was proved; whether that is enough its tenant says. */
    private void proved(ServerSession session) {
        Login login = session.getAttribute(Login.KEY);
        if (login != null && login.first() instanceof Decision.SecondFactor) {
            session.setAttribute(CodeAuth.PROVED, login);
        } else {
            new LoginNote(watch).loggedIn(session, getUsername());
        }
    }

    /** RFC 4252, section 7: whether there is a signature, the algorithm's name, the key. */
    private static byte[] blob(Buffer request) {
        int start = request.rpos();
        request.getBoolean();
        request.getString();
        byte[] blob = request.getBytes();
        request.rpos(start);
        return blob;
    }

    private static boolean isSigned(Buffer request) {
        int start = request.rpos();
        boolean signed = request.getBoolean();
        request.rpos(start);
        return signed;
    }

    private void refused(ServerSession session, Attempts attempts, String reason) {
        journal.info(
                "event=login-refused reason={} user={} source={}",
                reason,
                Printable.of(getUsername()),
                KeyCheck.source(session));
        watch.note(
                Kind.LOGIN,
                Outcome.REFUSED,
                new Who(null, null, getUsername(), KeyCheck.source(session)),
                Where.NOWHERE,
                reason);
        attempts.refuse(session, Banner.NO_ACCESS);
    }

    @Override
    protected void verifyCriticalOptions(ServerSession session, OpenSshCertificate certificate)
            throws CertificateException {
        for (String option : certificate.getCriticalOptionsMap().keySet()) {
            if (!OPTIONS.contains(option)) {
                throw new CertificateException("critical option " + Printable.of(option) + " is not known here");
            }
        }
        verifyCertificateSources(session, certificate);
    }

    /** The verifier has been given the key as it came over the wire. */
    @Override
    protected boolean verifySignature(
            ServerSession session,
            String userName,
            String algorithm,
            PublicKey key,
            Buffer buffer,
            Signature verifier,
            byte[] signature)
            throws Exception {
        Login login = session.getAttribute(Login.KEY);
        PublicKey signing = SecurityKeys.signing(key);
        if (login != null && SecurityKeys.isOne(signing)) {
            verifier.initVerifier(session, SecurityKeys.demanding(signing, login.rules()));
        }
        return super.verifySignature(session, userName, algorithm, key, buffer, verifier, signature);
    }
}
