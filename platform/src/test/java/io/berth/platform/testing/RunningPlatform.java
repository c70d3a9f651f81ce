// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.testing;

import io.berth.core.client.Agent;
import io.berth.platform.PlatformApplication;
import io.berth.platform.settings.PlatformSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.context.ConfigurableApplicationContext;

/** A platform in this process: real HTTP, a real database, and an agent that the test plays. */
public final class RunningPlatform implements AutoCloseable {
    /** What lies in admin.password at the first start. */
    public static final String ADMIN_PASSWORD = "correct horse battery staple";

    /** What lies in gateway.token. */
    public static final String GATEWAY_TOKEN = "gateway-token-of-the-tests-0123456789abcdef";

    private final Path state;
    private final RecordingAgent agent;
    private final SettableClock clock = new SettableClock();
    private final ConfigurableApplicationContext context;
    private String token = "";

    /** @param state outlives the platform, so that a second one can be started on it */
    public RunningPlatform(PostgresServer postgres, String database, Path state, RecordingAgent agent) {
        this(postgres, database, state, agent, Map.of());
    }

    /** @param more settings, by their variables */
    public RunningPlatform(
            PostgresServer postgres, String database, Path state, RecordingAgent agent, Map<String, String> more) {
        this.state = state;
        this.agent = agent;
        prepare(state);
        Map<String, String> variables = new HashMap<>(Map.of(
                "BERTH_STATE_DIR",
                state.toString(),
                "BERTH_RUN_DIR",
                state.resolve("run").toString(),
                "BERTH_HTTP_PORT",
                "0",
                "BERTH_RATE_LIMIT",
                "unlimited", // tests are in a hurry
                "BERTH_RATE_LIMIT_ADDRESS",
                "unlimited",
                "BERTH_DATABASE_URL",
                postgres.url(database)));
        variables.putAll(more);
        PlatformSettings settings = PlatformSettings.from(variables);
        this.context = PlatformApplication.start(settings, List.of(it -> {
            it.getBeanFactory().registerSingleton("agent", (Agent) agent);
            it.getBeanFactory().registerSingleton("settable-clock", clock);
        }));
    }

    private static void prepare(Path state) {
        try {
            Path directory = Files.createDirectories(state.resolve("platform"));
            Path token = directory.resolve("gateway.token");
            if (!Files.exists(token)) {
                Files.writeString(token, GATEWAY_TOKEN + "\n");
                Files.writeString(directory.resolve("admin.password"), ADMIN_PASSWORD + "\n");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public RecordingAgent agent() {
        return agent;
    }

    public Path state() {
        return state;
    }

    public ConfigurableApplicationContext context() {
        return context;
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public String address() {
        return "http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port");
    }

    /** The platform's own; who puts it forward puts it back. */
    public SettableClock clock() {
        return clock;
    }

    /** Signed in as the first administrator. */
    public Api admin() {
        return Api.basic(address(), "admin", ADMIN_PASSWORD);
    }

    /** The same by a token: no password is hashed for each request. */
    public synchronized Api adminToken() {
        if (token.isEmpty()) {
            Api.Answer made = admin().post("/tokens", "{\"name\":\"tests\",\"scopes\":[\"WRITE\",\"ADMIN\"]}");
            token = made.text("token");
        }
        return Api.bearer(address(), token);
    }

    public Api anonymous() {
        return new Api(address(), Map.of());
    }

    @Override
    public void close() {
        context.close();
    }
}
