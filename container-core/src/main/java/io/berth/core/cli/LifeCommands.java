// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cli;

import io.berth.core.protocol.Request;
import io.berth.core.spec.ContainerId;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Commands that change a container's state. The platform, if it runs, may have other wishes: these are for root in need. */
final class LifeCommands {
    private static final String GRACE = "How many seconds a container gets to shut down; default ${DEFAULT-VALUE}.";

    private LifeCommands() {}

    abstract static class Verb implements Runnable {
        @ParentCommand
        @SuppressWarnings("NullAway.Init")
        BerthCommand berth;

        @Parameters(index = "0", paramLabel = "ID|NAME")
        @SuppressWarnings("NullAway.Init")
        private String container;

        abstract Request request(ContainerId id);

        @Override
        public void run() {
            var changed = berth.agent().container(request(berth.find(container).id()));
            berth.out()
                    .println(Lookup.fullName(changed.spec()) + " "
                            + changed.state().name().toLowerCase(Locale.ROOT));
            berth.out().flush();
        }

        ContainerId id() {
            return berth.find(container).id();
        }
    }

    @Command(name = "start", description = "Start a container.")
    static final class Start extends Verb {
        @Override
        Request request(ContainerId id) {
            return new Request.Start(id);
        }
    }

    @Command(name = "stop", description = "Shut a container down.")
    static final class Stop extends Verb {
        @Option(names = "--grace", paramLabel = "SECONDS", defaultValue = "30", description = GRACE)
        private int grace;

        @Override
        Request request(ContainerId id) {
            return new Request.Stop(id, grace);
        }
    }

    @Command(name = "restart", description = "Shut a container down and start it again.")
    static final class Restart extends Verb {
        @Option(names = "--grace", paramLabel = "SECONDS", defaultValue = "30", description = GRACE)
        private int grace;

        @Override
        Request request(ContainerId id) {
            return new Request.Restart(id, grace);
        }
    }

    @Command(name = "freeze", description = "Freeze all processes of a container.")
    static final class Freeze extends Verb {
        @Override
        Request request(ContainerId id) {
            return new Request.Freeze(id);
        }
    }

    @Command(name = "thaw", description = "Undo a freeze.")
    static final class Thaw extends Verb {
        @Override
        Request request(ContainerId id) {
            return new Request.Thaw(id);
        }
    }

    @Command(name = "delete", description = "Kill a container and remove it with its storage.")
    static final class Delete extends Verb {
        @Override
        Request request(ContainerId id) {
            return new Request.Delete(id);
        }

        @Override
        public void run() {
            berth.agent().done(request(id()));
        }
    }

    @Command(name = "shutdown", hidden = true, description = "Stop every container and end the agent.")
    static final class Shutdown implements Runnable {
        @ParentCommand
        @SuppressWarnings("NullAway.Init")
        private BerthCommand berth;

        @Option(names = "--grace", paramLabel = "SECONDS", defaultValue = "30", description = GRACE)
        private int grace;

        @Override
        public void run() {
            berth.agent().done(new Request.Shutdown(grace));
        }
    }
}
