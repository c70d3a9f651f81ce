// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.lobby;

import io.berth.gateway.lobby.Verb.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The verbs, and what becomes of a line. */
public final class Lobby {
    static final int DONE = 0;
    /** The platform said no, or what was begun failed. */
    static final int REFUSED = 1;
    /** The line was wrong; as with bash's own commands. */
    static final int USAGE = 2;
    /** As with shells. */
    static final int NO_SUCH_VERB = 127;

    static final int INTERRUPTED = 130;
    /** No answer; as ssh(1) uses it. */
    static final int SILENT = 255;

    private static final Logger LOG = LoggerFactory.getLogger(Lobby.class);
    private static final Map<String, Verb> VERBS = verbs();

    private Lobby() {}

    private static Map<String, Verb> verbs() {
        List<Verb> all = new ArrayList<>(LookVerbs.all());
        all.addAll(ContainerVerbs.all());
        all.addAll(SnapshotVerbs.all());
        all.addAll(VolumeVerbs.all());
        all.addAll(PortVerbs.all());
        all.addAll(SessionVerbs.all());
        all.add(new Verb(
                "help", "[VERB]", "shows this, or a verb's usage", List.of(), Names.VERBS, false, Lobby::help));
        Map<String, Verb> verbs = new LinkedHashMap<>();
        all.forEach(verb -> verbs.put(verb.name(), verb));
        return verbs;
    }

    /**
     * Whether a command line is one of the lobby's that changes nothing: such a one may also come under the name of a container that
     * there is not, where whoever sent it may have meant a program of the container's.
     */
    public static boolean onlyLooks(String line) {
        try {
            List<String> words = CommandLine.words(line);
            Verb verb = words.isEmpty() ? null : VERBS.get(words.getFirst());
            return verb != null && !verb.changes();
        } catch (UsageException e) {
            return false;
        }
    }

    static @Nullable Verb verb(String name) {
        return VERBS.get(name);
    }

    static List<String> names() {
        return List.copyOf(VERBS.keySet());
    }

    /** @return the exit status */
    static int run(String line, Visitor visitor, Console console) {
        try {
            List<String> words = CommandLine.words(line);
            if (words.isEmpty()) {
                return DONE;
            }
            visitor.noted().accept(line);
            return run(words, visitor, console);
        } catch (UsageException e) {
            console.error(String.valueOf(e.getMessage()));
            return USAGE;
        }
    }

    private static int run(List<String> words, Visitor visitor, Console console) {
        Verb verb = VERBS.get(words.getFirst());
        if (verb == null) {
            console.error(
                    "there is no command '" + words.getFirst() + "' in the lobby; 'help' lists those that there are");
            return NO_SUCH_VERB;
        }
        try {
            List<String> rest = words.subList(1, words.size());
            if (rest.contains("--help")) {
                return usage(verb, console);
            }
            return verb.action().run(visitor, new Arguments(rest, verb.options()), console);
        } catch (UsageException e) {
            console.error(e.getMessage() + "; usage: " + verb.line());
            return USAGE;
        } catch (RefusedException e) {
            console.error(
                    e.isOver() ? "this login to the lobby is over; log in again" : String.valueOf(e.getMessage()));
            return e.isOver() ? SILENT : REFUSED;
        } catch (SilentException e) {
            LOG.warn("event=platform-silent where=lobby", e);
            console.error(e.getMessage() + "; sessions that are open go on; try again in a moment");
            return SILENT;
        } catch (InterruptedException e) {
            console.error("not waited for any longer; what was begun goes on");
            return INTERRUPTED;
        }
    }

    private static int help(Visitor visitor, Arguments arguments, Console console) {
        List<String> names = arguments.names(0, 1);
        if (!names.isEmpty()) {
            Verb verb = VERBS.get(names.getFirst());
            if (verb == null) {
                throw new UsageException("there is no command '" + names.getFirst() + "'");
            }
            return usage(verb, console);
        }
        console.line("The lobby of tenant " + visitor.tenant()
                + ". Log in to a container by ssh CONTAINER@HOST; from here:");
        for (Verb verb : VERBS.values()) {
            console.line("  " + verb.line());
            console.line("      " + verb.summary());
        }
        console.line(
                "From scripts: ssh lobby@HOST VERB …; the exit status is 0, or 1 when refused, 2 for a wrong line, 127 for no verb,");
        console.line("255 when the platform does not answer. Messages go to stderr.");
        return DONE;
    }

    private static int usage(Verb verb, Console console) {
        console.line(verb.line());
        console.line("  " + verb.summary());
        return DONE;
    }
}
