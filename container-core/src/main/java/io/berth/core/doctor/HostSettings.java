// SPDX-License-Identifier: Apache-2.0
package io.berth.core.doctor;

import io.berth.core.agent.AgentSettings;
import io.berth.core.agent.Environment;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What doctor and status must know of the other processes.
 *
 * @param agent the agent's own
 * @param httpAddress BERTH_HTTP_ADDRESS
 * @param httpPort BERTH_HTTP_PORT
 * @param sshAddress BERTH_SSH_ADDRESS
 * @param sshPort BERTH_SSH_PORT
 * @param ownsDatabase whether BERTH_DATABASE_URL is empty
 * @param databasePort BERTH_DATABASE_PORT
 * @param postgresUser BERTH_POSTGRES_USER
 */
public record HostSettings(
        AgentSettings agent,
        String httpAddress,
        int httpPort,
        String sshAddress,
        int sshPort,
        boolean ownsDatabase,
        int databasePort,
        String postgresUser) {
    private static final int MOST_PORT = 65_535;
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F.:]{2,39}");
    private static final Pattern USER = Pattern.compile("[a-z_][a-z0-9_-]{0,31}");

    /** @throws io.berth.core.agent.InvalidSettingException when a variable is wrong */
    public static HostSettings from(Map<String, String> variables) {
        var env = new Environment(variables);
        return new HostSettings(
                AgentSettings.from(variables),
                env.text("BERTH_HTTP_ADDRESS", "127.0.0.1", ADDRESS, "use an IP address"),
                port(env, "BERTH_HTTP_PORT", 8080),
                env.text("BERTH_SSH_ADDRESS", "::", ADDRESS, "use an IP address"),
                port(env, "BERTH_SSH_PORT", 2222),
                env.text("BERTH_DATABASE_URL") == null,
                port(env, "BERTH_DATABASE_PORT", 5442),
                env.text("BERTH_POSTGRES_USER", "berth-postgres", USER, "use the name of a user of its own"));
    }

    private static int port(Environment env, String name, int otherwise) {
        return (int) env.number(name, otherwise, 1, MOST_PORT);
    }
}
