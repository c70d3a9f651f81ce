// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import io.berth.platform.settings.DatabaseSettings;
import io.berth.platform.settings.InvalidSettingException;
import io.berth.platform.settings.PlatformSettings;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** What would fail later, and then with pages of text, is tried first. */
final class StartChecks {
    private static final String CONNECT_SECONDS = "5";

    private StartChecks() {}

    /** @throws InvalidSettingException when the port is in use or the database does not answer */
    static void check(PlatformSettings settings) {
        checkPort(settings);
        checkToken(settings.gatewayToken());
        checkDatabase(settings.database());
    }

    private static void checkPort(PlatformSettings settings) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(settings.httpAddress(), settings.httpPort()));
        } catch (BindException e) {
            throw new InvalidSettingException(
                    String.valueOf(e.getMessage()).contains("assign")
                            ? "address " + settings.httpAddress().getHostAddress()
                                    + " is none of this machine's; set BERTH_HTTP_ADDRESS to one in /etc/berth/berth.conf"
                            : portInUse(settings.httpPort()));
        } catch (IOException e) {
            throw new InvalidSettingException("port " + settings.httpPort() + " can't be opened: " + e.getMessage()
                    + "; set BERTH_HTTP_PORT to another");
        }
    }

    private static void checkToken(Path file) {
        if (!Files.isReadable(file)) {
            throw new InvalidSettingException(
                    "the gateway's token is not readable in " + file + "; start with ./berth up, which makes it");
        }
    }

    static String portInUse(int port) {
        return "port " + port + " is in use (BERTH_HTTP_PORT); stop what listens there (ss -ltnp 'sport = :" + port
                + "'), or set another port in /etc/berth/berth.conf";
    }

    private static void checkDatabase(DatabaseSettings database) {
        Properties properties = new Properties();
        properties.setProperty("connectTimeout", CONNECT_SECONDS);
        properties.setProperty("loginTimeout", CONNECT_SECONDS);
        if (database.user() != null) {
            properties.setProperty("user", database.user());
        }
        String password = database.password();
        if (password != null) {
            properties.setProperty("password", password);
        }
        try (Connection connection = DriverManager.getConnection(database.jdbcUrl(), properties)) {
            connection.isValid(1);
        } catch (SQLException e) {
            throw new InvalidSettingException("the database at " + database.place() + " does not let the platform in: "
                    + String.valueOf(e.getMessage()).replaceAll("\\s+", " ")
                    + "; start it (./berth up starts the embedded one), or correct BERTH_DATABASE_URL");
        }
    }
}
