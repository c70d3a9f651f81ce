// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshkey;

import com.github.f4b6a3.uuid.UuidCreator;
import io.berth.core.access.AccessRules;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.security.Caller;
import io.berth.platform.tenant.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Issues certificates and keeps the record of them. */
@Component
class SshCertificates {
    private static final Logger LOG = LoggerFactory.getLogger(SshCertificates.class);
    /** A day's work: a stolen certificate is worth nothing tomorrow. */
    private static final Duration LIFE = Duration.ofHours(8);
    /** Clocks of gateways may be behind. */
    private static final Duration SKEW = Duration.ofMinutes(1);

    private static final String SELECT = """
            select c.*, t.name as tenant, u.name as issuer
            from ssh_certificates c join tenants t on t.id = c.tenant_id left join users u on u.id = c.issued_by
            """;

    private final JdbcClient jdbc;
    private final CertificateAuthority authority;
    private final Clock clock;

    SshCertificates(JdbcClient jdbc, CertificateAuthority authority, Clock clock) {
        this.jdbc = jdbc;
        this.authority = authority;
        this.clock = clock;
    }

    SshCertificate issue(Tenant tenant, Caller caller, PublicKey key, List<Principal> principals, AccessRules rules) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS); // a certificate counts in them
        long serial = jdbc.sql("select nextval('ssh_certificate_serials')")
                .query(Long.class)
                .single();
        var certificate = new UserCertificate(
                key,
                serial,
                tenant.name() + "/" + caller.userName(),
                principals,
                now.minus(SKEW),
                now.plus(LIFE),
                rules,
                null);
        UUID id = UuidCreator.getTimeOrderedEpoch();
        insert(id, tenant, caller, certificate, now);
        LOG.info(
                "event=ssh-certificate-issued tenant={} user={} serial={} key={} principals={}",
                tenant.name(),
                caller.userName(),
                serial,
                key.fingerprint(),
                principals);
        return get(tenant, id);
    }

    private void insert(UUID id, Tenant tenant, Caller caller, UserCertificate certificate, Instant now) {
        jdbc.sql("""
                        insert into ssh_certificates (id, serial, tenant_id, issued_by, key_id, key_fingerprint, principals,
                            certificate, created_at, valid_before)
                        values (:id, :serial, :tenant, :user, :keyId, :fingerprint, :principals, :certificate, :now, :before)
                        """)
                .param("id", id)
                .param("serial", certificate.serial())
                .param("tenant", tenant.id())
                .param("user", caller.userId())
                .param("keyId", certificate.keyId())
                .param("fingerprint", certificate.key().fingerprint())
                .param(
                        "principals",
                        certificate.principals().stream()
                                .map(Principal::toString)
                                .toArray(String[]::new))
                .param("certificate", authority.sign(certificate))
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("before", certificate.validBefore().atOffset(ZoneOffset.UTC))
                .update();
    }

    SshCertificate get(Tenant tenant, UUID id) {
        return jdbc.sql(SELECT + "where c.tenant_id = :tenant and c.id = :id")
                .param("tenant", tenant.id())
                .param("id", id)
                .query(SshCertificates::certificate)
                .optional()
                .orElseThrow(() -> ProblemException.notFound("SSH certificate", id.toString()));
    }

    /** The newest first. */
    List<SshCertificate> list(Tenant tenant, @Nullable UUID before, int limit) {
        return jdbc.sql(SELECT + """
                        where c.tenant_id = :tenant and (cast(:before as uuid) is null or c.id < cast(:before as uuid))
                        order by c.id desc limit :limit""")
                .param("tenant", tenant.id())
                .param("before", before)
                .param("limit", limit + 1)
                .query(SshCertificates::certificate)
                .list();
    }

    /** Once more does no harm: the first time stands. */
    void revoke(Tenant tenant, Caller caller, UUID id) {
        SshCertificate certificate = get(tenant, id);
        jdbc.sql("""
                        update ssh_certificates set revoked_at = :now, revoked_by = :user
                        where id = :id and revoked_at is null
                        """)
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .param("user", caller.userId())
                .param("id", id)
                .update();
        LOG.info(
                "event=ssh-certificate-revoked tenant={} user={} serial={}",
                tenant.name(),
                caller.userName(),
                certificate.serial());
    }

    private static SshCertificate certificate(ResultSet row, int number) throws SQLException {
        OffsetDateTime revoked = row.getObject("revoked_at", OffsetDateTime.class);
        return new SshCertificate(
                row.getObject("id", UUID.class),
                row.getLong("serial"),
                row.getString("tenant"),
                row.getString("key_id"),
                row.getString("key_fingerprint"),
                List.of((String[]) row.getArray("principals").getArray()),
                row.getString("certificate"),
                row.getString("issuer"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("valid_before", OffsetDateTime.class).toInstant(),
                revoked == null ? null : revoked.toInstant());
    }
}
