// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.springframework.util.FileSystemUtils;

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
                : store.computeIfAbsent(
                        RunningPlatform.class,
                        type -> started(postgres, store.computeIfAbsent(State.class, it -> new State(), State.class)),
                        RunningPlatform.class);
    }

    /** The platform's state directory; closed after the platform, because it was there before. */
    private static final class State implements AutoCloseable {
        private final Path directory;

        State() {
            try {
                directory = Files.createTempDirectory("berth-test-platform-");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            FileSystemUtils.deleteRecursively(directory);
        }
    }

    private static RunningPlatform started(PostgresServer postgres, State state) {
        return new RunningPlatform(postgres, postgres.freshDatabase(), state.directory, new RecordingAgent());
    }
}
