// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.ProcessCalls;
import io.berth.core.linux.SyscallException;
import io.berth.core.runtime.ContainerException;
import io.berth.core.runtime.Containers;
import io.berth.core.runtime.Node;
import io.berth.core.runtime.RuntimeSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node agent's process. SIGTERM makes it let go and end at once, containers run on; {@code Shutdown} over the socket stops
 * them first. Whatever keeps it from starting is one line on stderr with the cure, and exit status 1.
 */
public final class AgentMain {
    private static final Logger LOG = LoggerFactory.getLogger(AgentMain.class);
    private static final Duration LETTING_GO = Duration.ofSeconds(5);
    private static final int RUN_MODE = 0711; // others may reach the socket, but list nothing
    private static final int STATE_MODE = 0711; // platform and gateway reach their own directories below
    private static final int PRIVATE_MODE = 0700;

    private AgentMain() {}

    public static void main(String[] args) {
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, e) -> LOG.error("event=thread-died thread={}", thread.getName(), e));
        try {
            run(AgentSettings.from(System.getenv()), Containers::open);
            System.exit(0);
        } catch (InvalidSettingException | StartException | ContainerException e) {
            fail(String.valueOf(e.getMessage()), e);
        } catch (RuntimeException e) {
            fail(e + "; ./berth doctor tells what this host lacks, BERTH_LOG_LEVEL=DEBUG where it failed", e);
        }
    }

    private static void fail(String message, RuntimeException e) {
        LOG.debug("event=start-failed", e);
        System.err.println("berth agent: " + message.replaceAll("\\p{Cntrl}+", " "));
        System.exit(1);
    }

    /** Blocks until the agent is told to end. */
    static void run(AgentSettings settings, Function<RuntimeSettings, Node> open) {
        if (ProcessCalls.getuid() != 0) {
            throw new StartException("the node agent makes containers and must be root; start it with sudo ./berth up");
        }
        HostUsers users = HostUsers.read();
        var peers = new Peers(
                users.uid("BERTH_PLATFORM_USER", settings.platformUser()),
                users.uid("BERTH_GATEWAY_USER", settings.gatewayUser()));
        RuntimeSettings runtime = settings.runtime(users.uid("BERTH_MONITOR_USER", settings.monitorUser()));
        makeDirectory(settings.stateDir(), STATE_MODE);
        makeDirectory(settings.stateDir().resolve("agent"), PRIVATE_MODE);
        makeDirectory(settings.runDir(), RUN_MODE);
        var ended = new CountDownLatch(1);
        try (StateLock _ = StateLock.take(settings.lock());
                Node node = open.apply(runtime)) {
            serve(settings, peers, node, ended);
        } finally {
            ended.countDown();
        }
    }

    private static void serve(AgentSettings settings, Peers peers, Node node, CountDownLatch ended) {
        var key = new PlatformKey(settings.ticketKey(), Clock.systemUTC());
        try (AgentServer server = AgentServer.listen(settings.socket(), peers, node, key, System::nanoTime)) {
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> letGo(server, ended)));
            LOG.info("event=ready socket={} instance={}", settings.socket(), settings.instance());
            server.serve();
            LOG.info("event=stopped");
        }
    }

    /** On SIGTERM the JVM ends with its hooks: the main thread gets a moment to close the node. */
    private static void letGo(AgentServer server, CountDownLatch ended) {
        server.stop();
        try {
            if (!ended.await(LETTING_GO.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("event=let-go-unfinished seconds={}, ignoring", LETTING_GO.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void makeDirectory(Path path, int mode) {
        try {
            FileCalls.mkdirat(Fd.AT_FDCWD, path.toString(), mode);
            FileCalls.fchmodat(Fd.AT_FDCWD, path.toString(), mode); // whatever the umask was
        } catch (SyscallException e) {
            switch (e.errno()) {
                case Errno.EEXIST -> {} // the launcher's; it knows its modes
                case Errno.ENOENT ->
                    throw new StartException(
                            "there is no directory " + path.getParent() + " for " + path + "; make it, or set another",
                            e);
                default -> throw e;
            }
        }
    }
}
