// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import io.berth.core.sandbox.Lockdown;
import io.berth.core.sandbox.SandboxException;
import io.berth.platform.settings.InvalidSettingException;
import io.berth.platform.settings.PlatformSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The platform's process. */
@SpringBootApplication(exclude = UserDetailsServiceAutoConfiguration.class)
@EnableScheduling
public class PlatformApplication {
    private static final Logger LOG = LoggerFactory.getLogger(PlatformApplication.class);

    public static void main(String[] arguments) {
        try {
            var settings = PlatformSettings.from(System.getenv());
            String confined = Lockdown.enter(() -> PlatformSandbox.of(settings));
            StartChecks.check(settings);
            start(settings, List.of());
            LOG.info("event=confined how=\"{}\"", confined);
        } catch (RuntimeException e) {
            String line = startProblem(e);
            if (line == null) {
                throw e;
            }
            System.err.println("platform: " + line);
            System.exit(1);
        }
    }

    /** The causes that an operator can cure, in one line; null for any other. */
    private static @Nullable String startProblem(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidSettingException || cause instanceof SandboxException) {
                return cause.getMessage();
            }
            if (cause instanceof PortInUseException inUse) {
                return StartChecks.portInUse(inUse.getPort());
            }
        }
        return null;
    }

    /**
     * Starts a platform in this process.
     *
     * @param initializers may bring beans of their own, such as another agent
     */
    public static ConfigurableApplicationContext start(
            PlatformSettings settings,
            List<ApplicationContextInitializer<ConfigurableApplicationContext>> initializers) {
        var application = new SpringApplication(PlatformApplication.class);
        application.addInitializers(context -> introduce(context, settings));
        initializers.forEach(application::addInitializers);
        ConfigurableApplicationContext context = application.run();
        LOG.info(
                "platform ready address={} port={} database={}",
                settings.httpAddress().getHostAddress(),
                context.getEnvironment().getProperty("local.server.port"),
                settings.database().place());
        return context;
    }

    /** What is in the environment decides, and no file that happens to lie in the working directory. */
    private static void introduce(ConfigurableApplicationContext context, PlatformSettings settings) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("server.address", settings.httpAddress().getHostAddress());
        properties.put("server.port", settings.httpPort());
        context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("berth", properties));
        context.getBeanFactory().registerSingleton("platformSettings", settings);
    }
}
