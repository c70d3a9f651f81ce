// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.settings;

import io.berth.core.spec.InvalidSpecException;
import io.berth.core.spec.PublishablePorts;
import io.berth.core.ticket.Ticket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Everything that the platform is told; see config/berth.conf for each variable.
 *
 * @param instance BERTH_INSTANCE; also the name of the node that it runs on
 * @param stateDir BERTH_STATE_DIR
 * @param runDir BERTH_RUN_DIR
 * @param httpAddress BERTH_HTTP_ADDRESS
 * @param httpPort BERTH_HTTP_PORT; 0 lets the kernel choose
 * @param httpProxies BERTH_HTTP_PROXIES; whose X-Forwarded-For counts
 * @param uidQuarantine BERTH_UID_QUARANTINE; how long a deleted container's uids belong to nobody
 * @param sshStandby BERTH_SSH_STANDBY; how long logins go on by the gateway's standby tickets while the platform is silent
 * @param secondFactor BERTH_SECOND_FACTOR; of whom a second factor is demanded beside the password
 * @param quota BERTH_QUOTA_*; what a tenant may have that has no quota of its own
 * @param publishablePorts BERTH_PUBLISHED_PORTS, without those of the platform's own services
 * @param database BERTH_DATABASE_URL, BERTH_DATABASE_PORT
 */
public record PlatformSettings(
        String instance,
        Path stateDir,
        Path runDir,
        InetAddress httpAddress,
        int httpPort,
        List<Network> httpProxies,
        Duration uidQuarantine,
        Duration sshStandby,
        SecondFactorSetting secondFactor,
        QuotaSettings quota,
        RateSettings rates,
        WebhookSettings webhooks,
        PublishablePorts publishablePorts,
        DatabaseSettings database) {
    private static final Duration LONGEST_QUARANTINE = Duration.ofDays(366); // longer would be a slip of the pen
    private static final Pattern INSTANCE = Pattern.compile("[a-z][a-z0-9]{0,9}");
    // Four parts: InetAddress would also take 127.1 and 2130706433
    private static final Pattern ADDRESS =
            Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    public PlatformSettings {
        httpProxies = List.copyOf(httpProxies);
    }

    /** @throws InvalidSettingException when a variable is wrong */
    public static PlatformSettings from(Map<String, String> variables) {
        var environment = new Environment(variables);
        Path stateDir = environment.path("BERTH_STATE_DIR", "/var/lib/berth");
        return new PlatformSettings(
                environment.text(
                        "BERTH_INSTANCE", "berth", INSTANCE, "use 1 to 10 of a-z and 0-9, beginning with a letter"),
                stateDir,
                environment.path("BERTH_RUN_DIR", "/run/berth"),
                address(environment),
                environment.port("BERTH_HTTP_PORT", 8080),
                environment.networks("BERTH_HTTP_PROXIES"),
                environment.seconds("BERTH_UID_QUARANTINE", Duration.ofHours(1), LONGEST_QUARANTINE),
                environment.seconds("BERTH_SSH_STANDBY", Duration.ofHours(1), Ticket.LONGEST_STANDBY),
                SecondFactorSetting.from(environment),
                QuotaSettings.from(environment),
                RateSettings.from(environment),
                WebhookSettings.from(environment),
                publishablePorts(environment),
                DatabaseSettings.from(environment, stateDir.resolve("platform/database.password")));
    }

    /** As the node's agent reads it. */
    private static PublishablePorts publishablePorts(Environment environment) {
        String cure = "use a range of 1024 to 65535 such as " + PublishablePorts.DEFAULT + ", or none";
        String text = environment.text("BERTH_PUBLISHED_PORTS", PublishablePorts.DEFAULT, PublishablePorts.FORM, cure);
        try {
            return PublishablePorts.parse(
                    text,
                    Set.copyOf(List.of(
                            environment.port("BERTH_HTTP_PORT", 8080),
                            environment.port("BERTH_SSH_PORT", 2222),
                            environment.port("BERTH_DATABASE_PORT", 5442))));
        } catch (InvalidSpecException e) {
            throw new InvalidSettingException("BERTH_PUBLISHED_PORTS", text, cure);
        }
    }

    private static InetAddress address(Environment environment) {
        String cure = "set it to an IPv4 or IPv6 address of this machine, such as 127.0.0.1";
        String text = environment.text("BERTH_HTTP_ADDRESS", "127.0.0.1", ADDRESS, cure);
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingException("BERTH_HTTP_ADDRESS", text, cure);
        }
    }

    /** Where the node's agent listens. */
    public Path agentSocket() {
        return runDir.resolve("agent.sock");
    }

    /** The platform's own files. */
    public Path platformDir() {
        return stateDir.resolve("platform");
    }

    /** The bearer token by which the gateway is known. */
    public Path gatewayToken() {
        return platformDir().resolve("gateway.token");
    }

    /** The password that the account admin gets at the next start; see FirstAdmin. */
    public Path adminPassword() {
        return platformDir().resolve("admin.password");
    }
}
