// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.tenant;

import io.berth.platform.problem.ProblemException;
import io.berth.platform.trail.Trail;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The table of memberships. */
@Component
class Members {
    private final JdbcClient jdbc;

    Members(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    List<Member> list(Tenant tenant, String after, int limit) {
        return jdbc.sql("""
                        select u.name, m.role from memberships m join users u on u.id = m.user_id
                        where m.tenant_id = :tenant and u.name > :after order by u.name limit :limit
                        """)
                .param("tenant", tenant.id())
                .param("after", after)
                .param("limit", limit + 1)
                .query(Members::member)
                .list();
    }

    Optional<Member> find(Tenant tenant, String user) {
        return jdbc.sql("""
                        select u.name, m.role from memberships m join users u on u.id = m.user_id
                        where m.tenant_id = :tenant and u.name = :user
                        """)
                .param("tenant", tenant.id())
                .param("user", user)
                .query(Members::member)
                .optional();
    }

    @Transactional
    Member put(Tenant tenant, String user, Role role) {
        find(tenant, user).ifPresent(Trail::before);
        int rows = jdbc.sql("""
                        insert into memberships (tenant_id, user_id, role)
                        select :tenant, id, :role from users where name = :user
                        on conflict (tenant_id, user_id) do update set role = excluded.role
                        """)
                .param("tenant", tenant.id())
                .param("user", user)
                .param("role", role.name())
                .update();
        if (rows == 0) {
            throw ProblemException.notFound("user", user);
        }
        Member member = new Member(user, role);
        Trail.after(member);
        return member;
    }

    @Transactional
    void delete(Tenant tenant, String user) {
        find(tenant, user).ifPresent(Trail::before);
        int rows =
                jdbc.sql("""
                        delete from memberships m using users u
                        where m.user_id = u.id and m.tenant_id = :tenant and u.name = :user
                        """).param("tenant", tenant.id()).param("user", user).update();
        if (rows == 0) {
            throw ProblemException.notFound("member", user);
        }
    }

    private static Member member(ResultSet row, int number) throws SQLException {
        return new Member(row.getString("name"), Role.valueOf(row.getString("role")));
    }
}
