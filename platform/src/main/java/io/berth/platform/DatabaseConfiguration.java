// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import com.zaxxer.hikari.HikariDataSource;
import io.berth.platform.settings.DatabaseSettings;
import io.berth.platform.settings.PlatformSettings;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/** Two pools of connections: operations that are under way never take the last one from somebody who waits for an answer. */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {
    /** More don't make two processors faster: what is asked waits here, and not in the database for each other's locks. */
    private static final int REQUESTS = 12;

    /** The workers of operations, most of whom wait for the node, and the jobs. */
    private static final int WORK = 10;

    /** Whoever waits that long is told so; see also {@link ConnectionPools}. */
    private static final Duration REQUESTS_WAIT = Duration.ofSeconds(5);

    /** Nobody waits for the answer, and what gives up begins anew only when its lease has run out. */
    private static final Duration WORK_WAITS = Duration.ofSeconds(30);

    @Bean(defaultCandidate = false)
    HikariDataSource requestConnections(PlatformSettings settings) {
        return pool("requests", settings.database(), REQUESTS, REQUESTS_WAIT);
    }

    @Bean(defaultCandidate = false)
    HikariDataSource workConnections(PlatformSettings settings) {
        return pool("work", settings.database(), WORK, WORK_WAITS);
    }

    @Bean
    @Primary
    ConnectionPools dataSource(
            @Qualifier("requestConnections") HikariDataSource requests,
            @Qualifier("workConnections") HikariDataSource work) {
        return new ConnectionPools(requests, work);
    }

    private static HikariDataSource pool(String name, DatabaseSettings database, int most, Duration wait) {
        var pool = new HikariDataSource();
        pool.setPoolName(name);
        pool.setJdbcUrl(database.jdbcUrl());
        pool.setUsername(database.user());
        pool.setPassword(database.password());
        pool.setMaximumPoolSize(most);
        pool.setMinimumIdle(2);
        pool.setConnectionTimeout(wait.toMillis());
        pool.addDataSourceProperty("ApplicationName", "berth-platform");
        pool.addDataSourceProperty("prepareThreshold", "1"); // everything here is asked again: nothing is parsed twice
        pool.addDataSourceProperty("socketTimeout", "60");
        pool.addDataSourceProperty("tcpKeepAlive", "true");
        return pool;
    }
}
