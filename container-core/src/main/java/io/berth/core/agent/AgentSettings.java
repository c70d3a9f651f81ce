// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import io.berth.core.runtime.RuntimeSettings;
import io.berth.core.runtime.RuntimeSettings.Lsm;
import io.berth.core.runtime.RuntimeSettings.StorageDriver;
import io.berth.core.spec.InvalidSpecException;
import io.berth.core.spec.PublishablePorts;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the agent is told about its node, from the environment; see config/berth.conf for each variable.
 *
 * @param instance BERTH_INSTANCE
 * @param stateDir BERTH_STATE_DIR
 * @param runDir BERTH_RUN_DIR
 * @param storage BERTH_STORAGE
 * @param poolBytes BERTH_POOL_BYTES, null for the driver's own choice
 * @param uidBase BERTH_UID_BASE
 * @param uidRanges BERTH_UID_RANGES
 * @param uidQuarantine BERTH_UID_QUARANTINE
 * @param ipv4 BERTH_IPV4, null for none
 * @param ipv6 BERTH_IPV6, null for none
 * @param platformUser BERTH_PLATFORM_USER
 * @param gatewayUser BERTH_GATEWAY_USER
 * @param monitorUser BERTH_MONITOR_USER
 * @param lsm BERTH_REQUIRE_LSM and BERTH_SELINUX_TYPE
 * @param passportInterval BERTH_PASSPORT_SECONDS
 * @param freezeOnDrift BERTH_ON_DRIFT
 * @param publishablePorts BERTH_PUBLISHED_PORTS, without those of BERTH_HTTP_PORT, BERTH_SSH_PORT and BERTH_DATABASE_PORT
 */
public record AgentSettings(
        String instance,
        Path stateDir,
        Path runDir,
        StorageDriver storage,
        @Nullable Long poolBytes,
        long uidBase,
        int uidRanges,
        Duration uidQuarantine,
        @Nullable String ipv4,
        @Nullable String ipv6,
        String platformUser,
        String gatewayUser,
        String monitorUser,
        Lsm lsm,
        Duration passportInterval,
        boolean freezeOnDrift,
        PublishablePorts publishablePorts) {
    private static final int RANGE = 65_536;
    private static final int MOST_PORT = 65_535;
    private static final long LONGEST_QUARANTINE_SECONDS =
            366L * 24 * 3600; // a year: longer would be a slip of the pen
    private static final long LEAST_POOL_BYTES = 256L << 20; // what mkfs.btrfs and one small image need
    private static final int SUN_PATH_MAX = 107; // struct sockaddr_un, include/uapi/linux/un.h, less the NUL
    private static final Pattern INSTANCE = Pattern.compile("[a-z][a-z0-9]{0,9}");
    private static final Pattern STORAGE = Pattern.compile("btrfs|overlay");
    private static final Pattern REQUIRED_LSM = Pattern.compile("none|any|apparmor|selinux");
    private static final Pattern SELINUX_TYPE =
            Pattern.compile("(berth_)?container_t|container_init_t|svirt_lxc_net_t");
    private static final long DAY_SECONDS = 86_400;
    private static final Pattern ON_DRIFT = Pattern.compile("report|freeze");
    private static final Pattern USER = Pattern.compile("[a-z_][a-z0-9_-]{0,31}");
    private static final Pattern IPV4 = Pattern.compile("none|[0-9]{1,3}(\\.[0-9]{1,3}){3}/[0-9]{1,2}");
    private static final Pattern IPV6 = Pattern.compile("none|[0-9a-fA-F:]{2,39}/[0-9]{1,3}");

    /** @throws InvalidSettingException when a variable is wrong */
    public static AgentSettings from(Map<String, String> variables) {
        var env = new Environment(variables);
        return new AgentSettings(
                env.text("BERTH_INSTANCE", "berth", INSTANCE, "use 1 to 10 of a-z and 0-9, beginning with a letter"),
                env.path("BERTH_STATE_DIR", "/var/lib/berth"),
                runDir(env),
                StorageDriver.valueOf(env.text("BERTH_STORAGE", "btrfs", STORAGE, "use btrfs or overlay")
                        .toUpperCase(Locale.ROOT)),
                poolBytes(env),
                uidBase(env),
                (int) env.number("BERTH_UID_RANGES", 16_384, 1, RANGE - 2),
                Duration.ofSeconds(env.number("BERTH_UID_QUARANTINE", 3600, 0, LONGEST_QUARANTINE_SECONDS)),
                net(env, "BERTH_IPV4", "10.181.0.1/16", IPV4),
                net(env, "BERTH_IPV6", "fd42:7a1c:b0e5:1::1/64", IPV6),
                user(env, "BERTH_PLATFORM_USER", "berth"),
                user(env, "BERTH_GATEWAY_USER", "berth-gateway"),
                user(env, "BERTH_MONITOR_USER", "berth-monitor"),
                lsm(env),
                Duration.ofSeconds(env.number(
                        "BERTH_PASSPORT_SECONDS", RuntimeSettings.PASSPORT_INTERVAL.toSeconds(), 1, DAY_SECONDS)),
                env.text("BERTH_ON_DRIFT", "report", ON_DRIFT, "use report or freeze")
                        .equals("freeze"),
                publishablePorts(env));
    }

    private static PublishablePorts publishablePorts(Environment env) {
        String text = env.text(
                "BERTH_PUBLISHED_PORTS",
                PublishablePorts.DEFAULT,
                PublishablePorts.FORM,
                "use a range such as " + PublishablePorts.DEFAULT + ", or none");
        try {
            return PublishablePorts.parse(
                    text,
                    Set.copyOf(List.of(
                            (int) env.number("BERTH_HTTP_PORT", 8080, 0, MOST_PORT),
                            (int) env.number("BERTH_SSH_PORT", 2222, 0, MOST_PORT),
                            (int) env.number("BERTH_DATABASE_PORT", 5442, 0, MOST_PORT))));
        } catch (InvalidSpecException e) {
            throw new InvalidSettingException("BERTH_PUBLISHED_PORTS", text, String.valueOf(e.getMessage()));
        }
    }

    private static Lsm lsm(Environment env) {
        String required = env.text("BERTH_REQUIRE_LSM", "none", REQUIRED_LSM, "use none, any, apparmor or selinux");
        String type = env.text(
                "BERTH_SELINUX_TYPE",
                "container_init_t",
                SELINUX_TYPE,
                "use container_init_t, container_t, svirt_lxc_net_t or berth_container_t");
        return new Lsm(
                Lsm.Required.valueOf(required.toUpperCase(Locale.ROOT)),
                Lsm.SelinuxType.valueOf(type.toUpperCase(Locale.ROOT)));
    }

    private static Path runDir(Environment env) {
        Path runDir = env.path("BERTH_RUN_DIR", "/run/berth");
        if (socket(runDir).toString().getBytes(StandardCharsets.UTF_8).length > SUN_PATH_MAX) {
            throw new InvalidSettingException(
                    "BERTH_RUN_DIR", runDir.toString(), "a socket's path has at most 107 bytes: choose a shorter one");
        }
        return runDir;
    }

    private static @Nullable Long poolBytes(Environment env) {
        return env.text("BERTH_POOL_BYTES") == null
                ? null
                : env.number("BERTH_POOL_BYTES", 0, LEAST_POOL_BYTES, Long.MAX_VALUE);
    }

    private static long uidBase(Environment env) {
        long base = env.number("BERTH_UID_BASE", 536_870_912L, RANGE, 0xffff_0000L - RANGE);
        if (base % RANGE != 0) {
            throw new InvalidSettingException("BERTH_UID_BASE", Long.toString(base), "use a multiple of 65536");
        }
        return base;
    }

    private static @Nullable String net(Environment env, String name, String otherwise, Pattern form) {
        String net = env.text(name, otherwise, form, "use ADDRESS/LENGTH such as " + otherwise + ", or none");
        return net.equals("none") ? null : net;
    }

    private static String user(Environment env, String name, String otherwise) {
        return env.text(name, otherwise, USER, "use the name of a user of its own");
    }

    RuntimeSettings runtime(int monitorUid) {
        return new RuntimeSettings(
                instance,
                stateDir,
                runDir,
                storage,
                poolBytes,
                uidBase,
                uidRanges,
                uidQuarantine,
                ipv4,
                ipv6,
                monitorUid,
                lsm,
                passportInterval,
                freezeOnDrift,
                publishablePorts);
    }

    /** Where the agent listens. */
    public Path socket() {
        return socket(runDir);
    }

    private static Path socket(Path runDir) {
        return runDir.resolve("agent.sock");
    }

    /** Locked by the agent that owns this state. */
    Path lock() {
        return stateDir.resolve("agent").resolve("lock");
    }

    /** The platform's public key. */
    Path ticketKey() {
        return stateDir.resolve("platform").resolve("ticket.pub");
    }
}
