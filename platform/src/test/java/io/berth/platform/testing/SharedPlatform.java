// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One PostgreSQL and one platform for all test classes of a run; hands either to tests that ask for it by type. */
public final class SharedPlatform implements ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(SharedPlatform.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == PostgresServer.class || type == RunningPlatform.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        ExtensionContext.Store store = context.getRoot().getStore(NAMESPACE);
        PostgresServer postgres =
                store.computeIfAbsent(PostgresServer.class, type -> new PostgresServer(), PostgresServer.class);
        return parameter.getParameter().getType() == PostgresServer.class
                ? postgres
                : store.computeIfAbsent(RunningPlatform.class, type -> started(postgres), RunningPlatform.class);
    }

    private static RunningPlatform started(PostgresServer postgres) {
        try {
            return new RunningPlatform(
                    postgres,
                    postgres.freshDatabase(),
                    Files.createTempDirectory("berth-test-platform-"),
                    new RecordingAgent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
