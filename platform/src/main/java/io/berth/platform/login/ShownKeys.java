// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.login;

import io.berth.core.access.AccessRules;
import io.berth.platform.sshkey.CertificateAuthority;
import io.berth.platform.sshkey.PublicKey;
import io.berth.platform.sshkey.RuleColumns;
import io.berth.platform.sshkey.SignedCertificate;
import io.berth.platform.sshkey.SshAuthorities;
import io.berth.platform.sshkey.UnfitKeyException;
import io.berth.platform.sshkey.UserCertificate;
import io.berth.platform.sshlog.SshPolicy;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Finds whose a key or certificate is, by one statement each. */
@Component
class ShownKeys {
    /** The names are only gathered for a message. */
    private static final String CONTAINER = SshPolicy.SELECTED + ", " + """
            t.id as tenant_id, t.name as tenant, exists (select from held_tenants h where h.tenant_id = t.id) as is_held,
            exists (select from ssh_factor_policies f where f.tenant_id in (t.id, t.parent_id) and f.required) as needs_code, c.id, c.observed_state, c.desired_state, c.quarantine_reason,
            case when c.id is null then (
                select string_agg(n.name, ', ') from (
                    select name from containers
                    where tenant_id = t.id and deleted_at is null and desired_state <> 'DELETED'
                    order by name limit 10) n) end as names
            """;

    private static final String JOINED = SshPolicy.JOIN + """
            left join containers c on c.tenant_id = t.id and c.name = :container and c.deleted_at is null
                and c.desired_state <> 'DELETED'
            """;

    /** The update touches nothing while the key was used within the last minute, or where it is not used. */
    private static final String KEY = """
            with used as (
                update ssh_keys set last_used_at = now()
                where fingerprint = :fingerprint and :isUse
                  and (last_used_at is null or last_used_at < now() - interval '1 minute'))
            select k.id as row_id, (
                select u.id from users u left join memberships m on m.user_id = u.id and m.tenant_id = t.id
                where u.id = k.added_by and (u.operator or m.user_id is not null)) as person,
            """
            + " " + RuleColumns.SELECTED + ", " + CONTAINER
            + "from ssh_keys k join tenants t on t.id = k.tenant_id " + JOINED
            + "where k.fingerprint = :fingerprint";

    /** Also when whoever asked for it has left the tenant since: a certificate is a person's, a key is the tenant's. */
    private static final String REVOKED = """
            select s.id as row_id, s.issued_by as person, s.revoked_at is not null or not exists (
                select from users u left join memberships m on m.user_id = u.id and m.tenant_id = s.tenant_id
                where u.id = s.issued_by and (u.operator or m.user_id is not null)) as is_revoked,
            """;

    private static final String CERTIFICATE = REVOKED + CONTAINER
            + "from ssh_certificates s join tenants t on t.id = s.tenant_id " + JOINED
            + "where s.serial = :serial and s.key_fingerprint = :fingerprint";

    /** Whoever named the CA answers for what its certificates do. */
    private static final String TENANTS =
            """
            select a.id as row_id, a.principals, (
                select u.id from users u left join memberships m on m.user_id = u.id and m.tenant_id = t.id
                where u.id = a.added_by and (u.operator or m.user_id is not null)) as person,
            """ + CONTAINER + "from ssh_authorities a join tenants t on t.id = a.tenant_id " + JOINED
                    + "where a.fingerprint = :fingerprint and t.name = :tenant";

    private final JdbcClient jdbc;
    private final CertificateAuthority authority;
    private final SshAuthorities authorities;

    ShownKeys(JdbcClient jdbc, CertificateAuthority authority, SshAuthorities authorities) {
        this.jdbc = jdbc;
        this.authority = authority;
        this.authorities = authorities;
    }

    /**
     * @param isUse whether somebody logs in with it
     * @throws UnfitKeyException when it is no key, or no certificate of ours
     */
    Optional<Shown> find(String publicKey, String container, boolean isUse) {
        if (!UserCertificate.isOne(publicKey)) {
            return key(PublicKey.parse(publicKey), container, isUse);
        }
        SignedCertificate certificate = SignedCertificate.parse(publicKey);
        return authority.isSignerOf(certificate)
                ? certificate(certificate.verified(), container)
                : tenants(certificate, container);
    }

    private Optional<Shown> key(PublicKey key, String container, boolean isUse) {
        return jdbc.sql(KEY)
                .param("fingerprint", key.fingerprint())
                .param("container", container)
                .param("isUse", isUse)
                .query((row, number) -> shown(row, key.fingerprint(), RuleColumns.read(row), null, false))
                .optional();
    }

    private Optional<Shown> certificate(UserCertificate certificate, String container) {
        return jdbc.sql(CERTIFICATE)
                .param("serial", certificate.serial())
                .param("fingerprint", certificate.key().fingerprint())
                .param("container", container)
                .query((row, number) -> shown(
                        row,
                        certificate.key().fingerprint() + " certificate " + certificate.serial() + " "
                                + certificate.keyId(),
                        certificate.rules(),
                        certificate,
                        row.getBoolean("is_revoked")))
                .optional();
    }

    private Optional<Shown> tenants(SignedCertificate certificate, String container) {
        UserCertificate said = authorities.verified(certificate);
        String signer = certificate.signer().fingerprint();
        return jdbc.sql(TENANTS)
                .param("fingerprint", signer)
                .param("tenant", said.tenant().value())
                .param("container", container)
                .query((row, number) -> shown(
                        row,
                        said.key().fingerprint() + " certificate " + Long.toUnsignedString(said.serial()) + " of CA "
                                + signer + " " + said.keyId(),
                        said.rules(),
                        said.within(
                                List.of((String[]) row.getArray("principals").getArray())),
                        false))
                .optional();
    }

    private static Shown shown(
            ResultSet row, String subject, AccessRules rules, @Nullable UserCertificate certificate, boolean isRevoked)
            throws SQLException {
        String observed = row.getString("observed_state");
        return new Shown(
                subject,
                row.getObject("row_id", UUID.class),
                row.getObject("person", UUID.class),
                rules,
                certificate,
                isRevoked,
                row.getObject("tenant_id", UUID.class),
                row.getString("tenant"),
                !row.getBoolean("is_held"),
                row.getObject("id", UUID.class),
                observed != null,
                "STOPPED".equals(observed) ? stopped(row) : null,
                row.getString("quarantine_reason"),
                row.getString("names"),
                SshPolicy.read(row),
                row.getBoolean("needs_code"));
    }

    private static LoginDecision.Stopped stopped(ResultSet row) throws SQLException {
        return row.getString("desired_state").equals("STOPPED")
                ? LoginDecision.Stopped.MEANT
                : LoginDecision.Stopped.UNMEANT;
    }
}
