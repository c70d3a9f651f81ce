// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.lobby;

import io.berth.gateway.lobby.Verb.Names;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Verbs that make, change and delete containers. */
final class ContainerVerbs {
    private static final int MOST_NAMES = 100; // of one command line
    private static final int LONGEST_STEM = 50; // leaves room for a number in a name of 63

    private ContainerVerbs() {}

    static List<Verb> all() {
        return List.of(
                new Verb(
                        "new",
                        "IMAGE [NAME] [--memory SIZE] [--cpus N] [--pids N] [--no-network] [--stopped]",
                        "makes a container and starts it",
                        List.of("--memory=", "--cpus=", "--pids=", "--no-network", "--stopped"),
                        Names.IMAGES,
                        true,
                        ContainerVerbs::make),
                verb("start", "starts containers", List.of(), ContainerVerbs::power),
                verb("stop", "stops containers", List.of("--grace="), ContainerVerbs::power),
                verb("restart", "restarts containers", List.of("--grace="), ContainerVerbs::power),
                verb("rm", "deletes containers with all their files", List.of(), ContainerVerbs::remove));
    }

    /** What is done with one container. */
    private interface Deed {
        int on(String verb, String name, Visitor visitor, Arguments arguments, Console console)
                throws RefusedException, SilentException, InterruptedException;
    }

    private static Verb verb(String name, String summary, List<String> options, Deed deed) {
        String usage = "NAME…" + (options.isEmpty() ? "" : " [--grace SECONDS]");
        return new Verb(name, usage, summary, options, Names.CONTAINERS, true, (visitor, arguments, console) -> {
            int worst = Lobby.DONE;
            for (String container : arguments.names(1, MOST_NAMES)) {
                try {
                    worst = Math.max(worst, deed.on(name, container, visitor, arguments, console));
                } catch (RefusedException e) {
                    if (e.isOver()) {
                        throw e;
                    }
                    console.error(String.valueOf(e.getMessage()));
                    worst = Lobby.REFUSED;
                }
            }
            return worst;
        });
    }

    private static int power(String verb, String name, Visitor visitor, Arguments arguments, Console console)
            throws RefusedException, SilentException, InterruptedException {
        String grace = arguments.value("--grace");
        ObjectNode body = null;
        if (grace != null) {
            body = JsonNodeFactory.instance.objectNode().put("graceSeconds", Figures.count("--grace", grace));
        }
        return Work.finish(visitor, console, visitor.rest().post(visitor.container(name) + "/" + verb, body));
    }

    private static int remove(String verb, String name, Visitor visitor, Arguments arguments, Console console)
            throws RefusedException, SilentException, InterruptedException {
        JsonNode found = visitor.rest().get(visitor.container(name));
        String shown = found.path("name").asString("");
        if (!console.isSure("delete container '" + shown + "' with all its files?")) {
            console.error("container '" + shown + "' stays");
            return Lobby.REFUSED;
        }
        return Work.finish(visitor, console, visitor.rest().delete(visitor.container(name)));
    }

    private static int make(Visitor visitor, Arguments arguments, Console console)
            throws RefusedException, SilentException, InterruptedException {
        List<String> names = arguments.names(1, 2);
        String image = names.getFirst();
        String name = names.size() == 2 ? names.get(1) : freeName(visitor, image);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("name", name).put("image", image);
        limits(arguments, body);
        if (arguments.has("--no-network")) {
            body.put("network", "NONE");
        }
        if (arguments.has("--stopped")) {
            body.put("start", false);
        }
        int status = Work.finish(visitor, console, visitor.rest().post(visitor.path("containers"), body));
        if (status == Lobby.DONE) {
            console.line(name);
        }
        return status;
    }

    private static void limits(Arguments arguments, ObjectNode body) {
        String memory = arguments.value("--memory");
        String cpus = arguments.value("--cpus");
        String pids = arguments.value("--pids");
        ObjectNode limits = JsonNodeFactory.instance.objectNode();
        if (memory != null) {
            limits.put("memoryBytes", Figures.bytes("--memory", memory));
        }
        if (cpus != null) {
            limits.put("milliCpus", Figures.milliCpus("--cpus", cpus));
        }
        if (pids != null) {
            limits.put("pids", Figures.count("--pids", pids));
        }
        if (!limits.isEmpty()) {
            body.set("limits", limits);
        }
    }

    /** After the image: debian, debian-2 … */
    private static String freeName(Visitor visitor, String image)
            throws RefusedException, SilentException, InterruptedException {
        Set<String> taken = Lists.all(visitor, visitor.path("containers")).stream()
                .map(container -> container.path("name").asString(""))
                .collect(Collectors.toSet());
        String stem = stem(image);
        String name = stem;
        for (int number = 2; taken.contains(name); number++) {
            name = stem + "-" + number;
        }
        return name;
    }

    private static String stem(@Nullable String image) {
        String first = image == null ? "" : image.split("[/:]", 2)[0].replaceAll("[^a-z0-9]", "");
        String short50 = first.substring(0, Math.min(first.length(), LONGEST_STEM));
        return short50.matches("[a-z].*") && !short50.equals("lobby") ? short50 : "container";
    }
}
