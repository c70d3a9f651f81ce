// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshkey;

import com.github.f4b6a3.uuid.UuidCreator;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.tenant.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Tenants' CAs. Several tenants may name the same one: a certificate says by its principals whose it is. */
@Component
public class SshAuthorities {
    /** One in use, one that takes over, and those of some departments. */
    private static final int MOST = 16;

    private static final String SELECT = """
            select a.*, t.name as tenant, u.name as who
            from ssh_authorities a join tenants t on t.id = a.tenant_id left join users u on u.id = a.added_by
            where a.tenant_id = :tenant
            """;

    private final JdbcClient jdbc;

    SshAuthorities(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    SshAuthority add(Tenant tenant, UUID who, String name, PublicKey key, List<Principal> principals) {
        if (list(tenant).size() >= MOST) {
            throw new ProblemException(
                    ProblemKind.CONFLICT, "tenant '" + tenant.name() + "' has " + MOST + " CAs; remove one first");
        }
        UUID id = UuidCreator.getTimeOrderedEpoch();
        try {
            jdbc.sql("""
                            insert into ssh_authorities (id, tenant_id, name, public_key, fingerprint, principals, added_by)
                            values (:id, :tenant, :name, :key, :fingerprint, :principals, :who)
                            """)
                    .param("id", id)
                    .param("tenant", tenant.id())
                    .param("name", name)
                    .param("key", key.line())
                    .param("fingerprint", key.fingerprint())
                    .param(
                            "principals",
                            principals.stream().map(Principal::toString).toArray(String[]::new))
                    .param("who", who)
                    .update();
        } catch (DuplicateKeyException e) {
            throw String.valueOf(e.getMessage()).contains("ssh_authorities_key")
                    ? new ProblemException(
                            ProblemKind.KEY_TAKEN,
                            "key " + key.fingerprint() + " is a CA of this tenant already; remove that one first")
                    : ProblemException.taken("SSH authority", name);
        }
        return get(tenant, id);
    }

    List<SshAuthority> list(Tenant tenant) {
        return jdbc.sql(SELECT + " order by a.id")
                .param("tenant", tenant.id())
                .query(SshAuthorities::authority)
                .list();
    }

    SshAuthority get(Tenant tenant, UUID id) {
        return jdbc.sql(SELECT + " and a.id = :id")
                .param("tenant", tenant.id())
                .param("id", id)
                .query(SshAuthorities::authority)
                .optional()
                .orElseThrow(() -> ProblemException.notFound("SSH authority", id.toString()));
    }

    void remove(Tenant tenant, UUID id) {
        get(tenant, id);
        jdbc.sql("delete from ssh_authorities where id = :id").param("id", id).update();
    }

    /**
     * What a certificate says that some tenant's CA has signed. Whether anybody has named the CA is asked first, as verifying costs
     * more.
     *
     * @throws UnfitKeyException when none has, or the signature is not its signer's
     */
    public UserCertificate verified(SignedCertificate certificate) {
        boolean isKnown = jdbc.sql("select exists (select from ssh_authorities where fingerprint = :fingerprint)")
                .param("fingerprint", certificate.signer().fingerprint())
                .query(Boolean.class)
                .single();
        if (!isKnown) {
            throw new UnfitKeyException("nobody here has named the CA that signed that certificate");
        }
        return certificate.verified();
    }

    private static SshAuthority authority(ResultSet row, int number) throws SQLException {
        String suffix = "." + row.getString("tenant");
        return new SshAuthority(
                row.getObject("id", UUID.class),
                row.getString("tenant"),
                row.getString("name"),
                row.getString("public_key"),
                row.getString("fingerprint"),
                List.of((String[]) row.getArray("principals").getArray()).stream()
                        .map(text -> text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text)
                        .toList(),
                row.getString("who"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }
}
