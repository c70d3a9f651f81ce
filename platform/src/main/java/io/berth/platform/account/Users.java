// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.account;

import com.github.f4b6a3.uuid.UuidCreator;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.security.OperatorRole;
import io.berth.platform.trail.Trail;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The table of accounts. */
@Component
class Users {
    private static final Pattern NAME = Pattern.compile("[a-z]([a-z0-9._-]{0,62}[a-z0-9])?");

    private final JdbcClient jdbc;

    Users(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What a sign-in needs to know; never leaves this package. */
    record Secret(User user, String passwordHash, int credentialsVersion) {}

    /** @param role null for no operator */
    User create(String name, String passwordHash, @Nullable OperatorRole role) {
        if (!NAME.matcher(name).matches()) {
            throw ProblemException.field(
                    "name",
                    "name: use 1 to 64 of a-z, 0-9, '.', '_' and '-', beginning with a letter, ending in a letter or digit");
        }
        try {
            return jdbc.sql("""
                            insert into users (id, name, password, operator, operator_role)
                            values (:id, :name, :password, :operator, :role)
                            returning *
                            """)
                    .param("id", UuidCreator.getTimeOrderedEpoch())
                    .param("name", name)
                    .param("password", passwordHash)
                    .param("operator", role == OperatorRole.ADMIN)
                    .param("role", role == null ? null : role.name())
                    .query(Users::user)
                    .single();
        } catch (DuplicateKeyException e) {
            throw ProblemException.taken("user", name);
        }
    }

    Optional<User> find(String name) {
        return jdbc.sql("select * from users where name = :name")
                .param("name", name)
                .query(Users::user)
                .optional();
    }

    Optional<Secret> secret(String name) {
        return jdbc.sql("select * from users where name = :name")
                .param("name", name)
                .query(Users::secret)
                .optional();
    }

    Optional<User> find(UUID id, int credentialsVersion) {
        return jdbc.sql("select * from users where id = :id and credentials_version = :version")
                .param("id", id)
                .param("version", credentialsVersion)
                .query(Users::user)
                .optional();
    }

    String name(UUID id) {
        return jdbc.sql("select name from users where id = :id")
                .param("id", id)
                .query(String.class)
                .single();
    }

    List<User> list(String after, int limit) {
        return jdbc.sql("select * from users where name > :after order by name limit :limit")
                .param("after", after)
                .param("limit", limit + 1)
                .query(Users::user)
                .list();
    }

    /** Sessions that were opened with the old password end. */
    @Transactional
    void setPassword(UUID id, String passwordHash) {
        jdbc.sql("update users set password = :hash, credentials_version = credentials_version + 1 where id = :id")
                .param("hash", passwordHash)
                .param("id", id)
                .update();
    }

    /**
     * Takes effect with the next request of whatever the account has open.
     *
     * @param role null for no operator
     */
    @Transactional
    User setRole(User user, @Nullable OperatorRole role) {
        lockOperators();
        List<User> changed = jdbc.sql("""
                        update users set operator = :operator, operator_role = :role where id = :id
                          and (:operator or not operator or exists (select from users o where o.operator and o.id <> :id))
                        returning *
                        """)
                .param("operator", role == OperatorRole.ADMIN)
                .param("role", role == null ? null : role.name(), Types.VARCHAR)
                .param("id", user.id())
                .query(Users::user)
                .list();
        if (changed.isEmpty()) {
            throw lastOne(user);
        }
        Trail.before(user);
        Trail.after(changed.getFirst());
        return changed.getFirst();
    }

    /** One at a time, so that two operators can't take each other's place at once and leave none. */
    private void lockOperators() {
        jdbc.sql("select pg_advisory_xact_lock(hashtext('berth.operators'))")
                .query((row, number) -> 1)
                .single();
    }

    private static ProblemException lastOne(User user) {
        return new ProblemException(
                ProblemKind.CONFLICT,
                "'" + user.name() + "' is the last operator of the role ADMIN; make another one first");
    }

    @Transactional
    void delete(User user) {
        lockOperators();
        int rows = jdbc.sql("""
                        delete from users where id = :id
                          and (not operator or exists (select from users o where o.operator and o.id <> :id))
                        """).param("id", user.id()).update();
        if (rows == 0) {
            throw lastOne(user);
        }
    }

    private static Secret secret(ResultSet row, int number) throws SQLException {
        return new Secret(user(row, number), row.getString("password"), row.getInt("credentials_version"));
    }

    /** Of a row with the column operator_role; null for no operator. */
    static @Nullable OperatorRole role(ResultSet row) throws SQLException {
        String role = row.getString("operator_role");
        return role == null ? null : OperatorRole.valueOf(role);
    }

    private static User user(ResultSet row, int number) throws SQLException {
        return new User(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getBoolean("operator"),
                role(row),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }
}
