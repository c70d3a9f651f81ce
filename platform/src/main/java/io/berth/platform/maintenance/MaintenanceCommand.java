// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.maintenance;

import io.berth.platform.settings.DatabaseSettings;
import io.berth.platform.settings.InvalidSettingException;
import io.berth.platform.settings.PlatformSettings;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;

/** The program behind {@code ./berth backup}, {@code restore} and {@code audit verify}: the launcher runs it as the platform's account. */
public final class MaintenanceCommand {
    private MaintenanceCommand() {}

    public static void main(String[] arguments) {
        LibraryLog.quieten();
        try {
            System.exit(run(
                    List.of(arguments), PlatformSettings.from(System.getenv()).database()));
        } catch (InvalidSettingException | MaintenanceException e) {
            System.err.println("berth: " + e.getMessage());
        } catch (SQLException | IOException e) {
            System.err.println(
                    "berth: " + e.getMessage()
                            + "; is the database up? './berth up' starts the embedded one, and BERTH_DATABASE_URL names another");
        }
        System.exit(1);
    }

    /** @return the exit status */
    private static int run(List<String> arguments, DatabaseSettings database) throws SQLException, IOException {
        switch (String.join(" ", arguments)) {
            case "backup" -> {
                try (Connection connection = connect(database);
                        OutputStream out = new FileOutputStream(FileDescriptor.out)) {
                    say(new Backup(connection).write(out));
                }
            }
            case "restore" -> {
                try (Connection connection = connect(database);
                        InputStream in = new FileInputStream(FileDescriptor.in)) {
                    say(new Restore(connection, database).read(in));
                }
            }
            case "audit verify" -> {
                try (Connection connection = connect(database)) {
                    AuditVerification found = AuditVerification.of(connection);
                    say(found.words());
                    return found.isWhole() ? 0 : 1;
                }
            }
            default -> throw new MaintenanceException("unknown command; use backup, restore or audit verify");
        }
        return 0;
    }

    static Connection connect(DatabaseSettings database) throws SQLException {
        var properties = new Properties();
        String password = database.password();
        if (database.user() != null) {
            properties.setProperty("user", database.user());
        }
        if (password != null) {
            properties.setProperty("password", password);
        }
        properties.setProperty("ApplicationName", "berth-maintenance");
        return DriverManager.getConnection(database.jdbcUrl(), properties);
    }

    /** Standard output is the backup's. */
    private static void say(String line) {
        System.err.println(line);
    }
}
