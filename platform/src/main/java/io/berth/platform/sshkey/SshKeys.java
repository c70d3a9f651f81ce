// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshkey;

import com.github.f4b6a3.uuid.UuidCreator;
import io.berth.core.access.AccessRules;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.quota.Growth;
import io.berth.platform.quota.Quota;
import io.berth.platform.tenant.Tenant;
import io.berth.platform.trail.Trail;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The table of SSH keys. */
@Component
class SshKeys {
    private static final String SELECT =
            "select k.*, t.name as tenant from ssh_keys k join tenants t on t.id = k.tenant_id ";

    private static final String INSERT =
            "insert into ssh_keys (id, tenant_id, added_by, name, type, public_key, fingerprint, "
                    + RuleColumns.NAMES + ") values (:id, :tenant, :user, :name, :type, :line, :fingerprint, "
                    + RuleColumns.PARAMETERS
                    + ")";

    private static final String UPDATE = "update ssh_keys set (" + RuleColumns.NAMES + ") = (" + RuleColumns.PARAMETERS
            + ") where tenant_id = :tenant and id = :id";

    private final JdbcClient jdbc;
    private final Quota quota;

    SshKeys(JdbcClient jdbc, Quota quota) {
        this.quota = quota;
        this.jdbc = jdbc;
    }

    SshKey add(Tenant tenant, UUID addedBy, String name, AuthorizedKey authorized) {
        PublicKey key = authorized.key();
        AccessRules rules = authorized.rules() == null ? AccessRules.EVERYTHING : authorized.rules();
        UUID id = UuidCreator.getTimeOrderedEpoch();
        try {
            jdbc.sql(INSERT)
                    .param("id", id)
                    .param("tenant", tenant.id())
                    .param("user", addedBy)
                    .param("name", name)
                    .param("type", key.type())
                    .param("line", key.line())
                    .param("fingerprint", key.fingerprint())
                    .params(RuleColumns.parameters(rules))
                    .update();
        } catch (DuplicateKeyException e) {
            throw String.valueOf(e.getMessage()).contains("ssh_keys_fingerprint_key")
                    ? new ProblemException(
                            ProblemKind.KEY_TAKEN,
                            "key " + key.fingerprint()
                                    + " is known to this platform already; a key says who the tenant is, "
                                    + "so each can be used once: make another by ssh-keygen -t ed25519")
                    : ProblemException.taken("SSH key", name);
        }
        quota.admit(tenant.id(), Growth.SSH_KEY);
        return get(tenant, id);
    }

    /** Open sessions keep what they have; whatever is opened from now on has these. */
    @Transactional
    SshKey limit(Tenant tenant, UUID id, AccessRules rules) {
        Trail.before(get(tenant, id).options());
        jdbc.sql(UPDATE)
                .param("tenant", tenant.id())
                .param("id", id)
                .params(RuleColumns.parameters(rules))
                .update();
        return get(tenant, id);
    }

    SshKey get(Tenant tenant, UUID id) {
        return jdbc.sql(SELECT + "where k.tenant_id = :tenant and k.id = :id")
                .param("tenant", tenant.id())
                .param("id", id)
                .query(SshKeys::key)
                .optional()
                .orElseThrow(() -> ProblemException.notFound("SSH key", id.toString()));
    }

    List<SshKey> list(Tenant tenant, String after, int limit) {
        return jdbc.sql(SELECT + "where k.tenant_id = :tenant and k.name > :after order by k.name limit :limit")
                .param("tenant", tenant.id())
                .param("after", after)
                .param("limit", limit + 1)
                .query(SshKeys::key)
                .list();
    }

    @Transactional
    void delete(Tenant tenant, UUID id) {
        Trail.before(get(tenant, id));
        int rows = jdbc.sql("delete from ssh_keys where tenant_id = :tenant and id = :id")
                .param("tenant", tenant.id())
                .param("id", id)
                .update();
        if (rows == 0) {
            throw ProblemException.notFound("SSH key", id.toString());
        }
    }

    private static SshKey key(ResultSet row, int number) throws SQLException {
        OffsetDateTime used = row.getObject("last_used_at", OffsetDateTime.class);
        return new SshKey(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getString("tenant"),
                row.getString("type"),
                row.getString("fingerprint"),
                row.getString("public_key"),
                KeyOptions.of(RuleColumns.read(row)),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                used == null ? null : used.toInstant());
    }
}
