// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.web.context.request.RequestContextHolder;

/** Hands each thread a connection of the pool that it belongs to, and no hope where too many wait for one already. */
final class ConnectionPools extends AbstractDataSource {
    /** Two seconds' worth of the requests that a small machine answers: whoever comes then would wait for longer than they care to. */
    private static final int MOST_WAITING = 200;

    private final HikariDataSource requests;
    private final HikariDataSource work;

    ConnectionPools(HikariDataSource requests, HikariDataSource work) {
        this.requests = requests;
        this.work = work;
    }

    @Override
    public Connection getConnection() throws SQLException {
        if (RequestContextHolder.getRequestAttributes() == null) {
            return work.getConnection();
        }
        HikariPoolMXBean pool = requests.getHikariPoolMXBean();
        if (pool != null && pool.getThreadsAwaitingConnection() >= MOST_WAITING) {
            throw new SQLTransientConnectionException(MOST_WAITING + " requests wait for a connection already");
        }
        return requests.getConnection();
    }

    @Override
    public Connection getConnection(@Nullable String user, @Nullable String password) throws SQLException {
        throw new SQLException("connections are made by the pools' own credentials");
    }
}
